/** What must not be overlooked: a broken seal, hidden modules, contradictions; drawn from the stores as main fills them. */
import { bridge, mounted, openFile, settled, tell } from '../page.ts';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import type { HiddenModule } from '#contract/hidden-module.ts';
import { ok } from '#contract/result.ts';
import type { SealVerdict } from '#contract/seal.ts';
import FindingBar from '../../../renderer/shell/FindingBar.vue';
import StatusLine from '../../../renderer/shell/StatusLine.vue';
import { useWiring } from '../../../renderer/shell/wiring.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useSeal } from '../../../renderer/stores/seal.ts';
import HiddenModules from '../../../renderer/views/HiddenModules.vue';
import SealSection from '../../../renderer/views/SealSection.vue';
import { CaptureBuilder, removeFolders } from '../../core/builder.ts';
import { from, rendered, textOf } from '../rendered.ts';

const HIDDEN: HiddenModule = {
  ...{
    name: 'mt_hide',
    address: '0xffffffffc0a01000',
    seenIn: ['kernel_tree'],
    missingFrom: ['proc_modules', 'sysfs'],
  },
  ...{ firstSeq: 4, lastSeq: 9, firstNs: 1, lastNs: 2, evidence: [4, 9], text: 'mt_hide is hidden.' },
  ...{ firstTime: '2026-11-24T10:00:00.000000000Z', lastTime: '2026-11-24T10:01:00.000000000Z' },
};
const BROKEN: SealVerdict = {
  ...{ state: 'broken', commits: 3, rows: 17, signed: 'no', text: 'Row 18 of event was changed.' },
  firstWrong: { table: 'event', key: 18, what: 'changed' },
};

let capture: OpenCapture;
const path = new CaptureBuilder().finish();
afterAll(removeFolders);

function open(): OpenCapture {
  const opened = openFile(path);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** A capture of nothing, with facts of the capture exchanged for those of the test. */
function show(info: Partial<OpenCapture['info']> = {}): Promise<void> {
  return useCaptures().show({ ...capture, info: { ...capture.info, ...info } });
}

beforeEach(async () => {
  capture = open();
  mounted(useWiring);
  await settled();
});

describe('the bar of findings', () => {
  test('is not there where nothing was found', async () => {
    await show({ hiddenModules: [], contradictions: [] });
    expect(textOf(await rendered(FindingBar))).toBe('');
  });

  test('names a hidden module and who lacks it, and counts the others', async () => {
    await show({ hiddenModules: [HIDDEN, { ...HIDDEN, name: 'second' }], contradictions: [] });
    expect(textOf(await rendered(FindingBar))).toContain(
      "2 hidden modules : mt_hide is missing from /proc/modules and /sys/module, but known to the kernel's address tree; 1 more hidden module",
    );
  });

  test('a broken seal stays, with the first wrong row', async () => {
    await show({ seal: { state: 'present', commits: 3, signed: false }, hiddenModules: [], contradictions: [] });
    vi.spyOn(bridge, 'verifySeal').mockResolvedValue(ok(BROKEN));
    await useSeal().verify();
    const html = await rendered(FindingBar);
    expect(html).toContain('role="alert"');
    expect(textOf(html)).toContain('The seal is broken : row 18 of table event was changed');
    expect(textOf(await rendered(StatusLine))).toContain('seal broken');
  });
});

describe('the seal', () => {
  const present = { seal: { state: 'present', commits: 1234, signed: true } } as const;

  test('is offered for a walk where there is one', async () => {
    await show({ ...present, completeness: 'finished' });
    const html = await rendered(SealSection);
    expect(textOf(html)).toContain('present, 1,234 commits, signed');
    expect(from(html, 'data-verify')).not.toContain('aria-disabled');
    expect(textOf(await rendered(StatusLine))).toContain('seal not verified');
  });

  test.each([
    [{ seal: { state: 'none', commits: 0, signed: false } as const }, 'this capture carries none'],
    [{ ...present, completeness: 'recording' as const }, 'present, 1,234 commits, signed'],
  ])('is not walked: %j', async (info, words) => {
    await show(info);
    const html = await rendered(SealSection);
    expect(textOf(html)).toContain(words);
    expect(html).toMatch(/aria-disabled="true"[^>]*data-verify/);
  });

  test('a walk tells how far it is and can be called off; what was found before stays', async () => {
    await show(present);
    const seal = useSeal();
    let finish: (answer: ReturnType<typeof ok<null>>) => void = () => undefined;
    vi.spyOn(bridge, 'verifySeal').mockReturnValue(new Promise((resolve) => (finish = resolve)));
    const cancelled = vi.spyOn(bridge, 'cancelVerify').mockImplementation(() => {
      finish(ok(null));
      return Promise.resolve(ok(null));
    });
    const walk = seal.verify();
    expect(textOf(await rendered(SealSection))).toContain('opening the file');
    tell('verifying', { capture: capture.id, progress: { rows: 25, allRows: 100, seconds: 1 } });
    const html = await rendered(SealSection);
    expect(html).toContain('aria-valuenow="25"');
    expect(textOf(html)).toContain('25 of 100 rows, 25 rows/s, 3.00 s left');
    expect(textOf(await rendered(StatusLine))).toContain('verifying the seal, 25 %');
    await seal.cancel();
    await walk;
    expect(cancelled).toHaveBeenCalledOnce();
    expect(seal.progress).toBeUndefined();
    expect(seal.verdict).toBeUndefined();
  });

  test('a second walk is not begun while one is under way', async () => {
    await show(present);
    const asked = vi.spyOn(bridge, 'verifySeal').mockReturnValue(new Promise(() => undefined));
    void useSeal().verify();
    void useSeal().verify();
    expect(asked).toHaveBeenCalledOnce();
  });

  test('a verdict belongs to the capture as it was: another one has none', async () => {
    await show(present);
    vi.spyOn(bridge, 'verifySeal').mockResolvedValue(ok(BROKEN));
    await useSeal().verify();
    await useCaptures().show(open());
    expect(useSeal().verdict).toBeUndefined();
  });
});

test('hidden modules are listed with who knows them, who lacks them, since when, and what proves it', async () => {
  const html = await rendered(HiddenModules, { modules: [HIDDEN, { ...HIDDEN, callId: 3, evidence: [5] }] });
  const text = textOf(html);
  expect(text).toContain(
    "mt_hide 0xffffffffc0a01000 the kernel's address tree /proc/modules and /sys/module 10:00:00.000 10:01:00.000 #4 #9",
  );
  expect(text).toContain('#5');
  expect(textOf(await rendered(HiddenModules, { modules: [] }))).toBe('');
});
