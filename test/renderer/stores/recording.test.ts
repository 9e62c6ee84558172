import { bridge, openSample, settled } from '../page.ts';
import type { RecordingState } from '#contract/recording.ts';
import { fail, ok } from '#contract/result.ts';
import { expect, test, vi } from 'vitest';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useRecording } from '../../../renderer/stores/recording.ts';

const FILE = 'live.modtrail';

const running = (capture: string): RecordingState => ({
  ...{ state: 'recording', file: FILE, capture },
  ...{ events: 1, calls: 1, bytes: 4096, lost: 0, seconds: 1 },
});

test('a recording that is started is shown', async () => {
  const recording = useRecording();
  await recording.start();
  expect(useCaptures().current?.name).toBe('sample.modtrail');
});

test('bytes of modules are kept unless they are not wanted', async () => {
  const asked = vi.spyOn(bridge, 'startRecording').mockResolvedValue(ok(null));
  await useRecording().start();
  await useRecording().start({ images: false });
  expect(asked.mock.calls).toEqual([[{ images: true }], [{ images: false }]]);
});

test('a dialog that was closed starts nothing, a refusal is told', async () => {
  const recording = useRecording();
  vi.spyOn(bridge, 'startRecording').mockResolvedValueOnce(ok(null));
  await recording.start();
  vi.spyOn(bridge, 'startRecording').mockResolvedValueOnce(fail('not-authorised', 'root was refused'));
  await recording.start();
  vi.spyOn(bridge, 'stopRecording').mockResolvedValueOnce(fail('collector-failed', 'it does not answer'));
  await recording.stop();
  expect(useCaptures().current).toBeUndefined();
  expect(useNotices().notices.map(({ failure }) => failure.code)).toEqual(['not-authorised', 'collector-failed']);
});

test('it is active from the start to the finished file, and can be discarded once there is something', () => {
  const recording = useRecording();
  const states: readonly RecordingState[] = [
    { state: 'starting', file: FILE },
    running('1'),
    { state: 'stopping', file: FILE },
    { state: 'idle' },
    { state: 'failed', error: { code: 'collector-failed', message: 'it ended' } },
  ];
  const active = states.map((state) => {
    recording.told(state);
    return [recording.active, recording.discardable];
  });
  expect(active.map(([isActive]) => isActive)).toEqual([true, true, true, false, false]);
  expect(active.map(([, discardable]) => discardable)).toEqual([false, true, true, false, false]);
  expect(useNotices().notices.map(({ failure }) => failure.message)).toEqual(['it ended']);
});

test('only the wait for a stream, for rights, or for a recorder that a person starts, can be called off', () => {
  const recording = useRecording();
  const byHand = { command: 'sudo recorder', reason: 'nobody asks' };
  const waits = [{}, { stream: true }, { asks: true }, { byHand }] as const;
  const stoppable = waits.map((more) => {
    recording.told({ state: 'starting', file: FILE, ...more });
    return recording.stoppable;
  });
  expect(stoppable).toEqual([false, true, true, true]);
});

test.each(['idle', 'failed'] as const)('its capture stays open when the file is finished: %s', async (end) => {
  const recording = useRecording();
  const captures = useCaptures();
  const closed = vi.spyOn(bridge, 'closeCapture');
  const recorded = openSample();
  recording.told(running(recorded.id));
  await captures.show(recorded);
  await captures.show(openSample());
  recording.told({ state: 'stopping', file: FILE });
  await settled();
  expect(captures.keptId).toBe(recorded.id);
  recording.told(
    end === 'idle' ? { state: 'idle' } : { state: 'failed', error: { code: 'collector-failed', message: 'x' } },
  );
  await settled();
  expect(closed).not.toHaveBeenCalled();
  expect(captures.keptId).toBeUndefined();
});

test('what is looked at stays open when its recording is over', async () => {
  const recording = useRecording();
  const captures = useCaptures();
  const closed = vi.spyOn(bridge, 'closeCapture');
  const recorded = openSample();
  recording.told(running(recorded.id));
  await captures.show(recorded);
  recording.told({ state: 'idle' });
  await settled();
  expect(closed).not.toHaveBeenCalled();
  expect(captures.currentId).toBe(recorded.id);
});

test('a recording that another window began is looked at through main', async () => {
  const asked = vi.spyOn(bridge, 'watchRecording').mockResolvedValue(ok(openSample()));
  const recording = useRecording();
  recording.told(running('elsewhere'));
  await recording.show();
  expect(useCaptures().current?.name).toBe('sample.modtrail');
  recording.told(running(useCaptures().currentId ?? ''));
  await recording.show();
  expect(asked).toHaveBeenCalledTimes(1);
});

test('what is said of a file is taken back where that was deleted', async () => {
  const recording = useRecording();
  const words = 'it was killed; what was recorded until then is in live.modtrail';
  const failed: RecordingState = { state: 'failed', error: { code: 'collector-failed', message: words } };
  for (const isDeleted of [false, true]) {
    recording.told(running('1'));
    vi.spyOn(bridge, 'discardRecording').mockImplementationOnce(() => {
      recording.told(failed);
      return Promise.resolve(ok(isDeleted));
    });
    await recording.discard();
    expect(useNotices().notices.map(({ failure }) => failure.message)).toEqual(isDeleted ? [] : [words]);
  }
});
