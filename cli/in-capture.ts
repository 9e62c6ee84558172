/** What a capture says of one of its images, beside what the image says itself. */
import type { ImageLoad, InCapture } from '#contract/inspect-capture.ts';
import type { Inspection } from '#contract/inspect.ts';
import type { OpenedCapture } from '#core/store/open-capture.ts';

export function inCapture(capture: OpenedCapture, sha256: string, inspection: Inspection): InCapture {
  const { release } = capture.info().kernel;
  const built = inspection.modinfo?.vermagic?.release;
  const row = capture.images().find((image) => image.sha256 === sha256);
  return {
    ...(release === undefined ? {} : { kernel: release }),
    ...(built === undefined || release === undefined ? {} : { vermagicFits: built === release }),
    loads: (row?.callIds ?? []).map((callId) => loadOf(capture, callId)),
  };
}

function loadOf(capture: OpenedCapture, call: number): ImageLoad {
  const { callId, time, verdict, errno, module, args } = capture.attempt(call);
  const { signatureOk, taints } = module ?? {};
  const parameters = args.find(({ name }) => name === 'param_values')?.text;
  return {
    ...{ callId, time, verdict },
    ...(errno === undefined ? {} : { errno }),
    ...(signatureOk === undefined ? {} : { signatureOk }),
    ...(taints === undefined ? {} : { taints }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}
