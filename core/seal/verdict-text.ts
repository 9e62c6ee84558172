/** A verdict on a seal, as a sentence or two. */
import type { SealVerdict, WrongRow } from '#contract/seal.ts';
import type { Completeness } from '../capture/open.ts';

const WHAT: Readonly<Record<WrongRow['what'], string>> = {
  changed: 'is not as it was recorded',
  missing: 'is missing',
  inserted: 'is covered by no commit: it was added later',
  order: 'stands where another one belongs',
  seal: 'is not found through an index as it stands in its table',
};

const SIGNED: Readonly<Record<SealVerdict['signed'], string>> = {
  no: '',
  valid: ', signed with that key',
  invalid: '',
  unchecked: ', signed; without a key to compare with that proves nothing of who signed',
};

function amount(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

export function verdictText(
  { state, commits, rows, signed, key, firstWrong }: Omit<SealVerdict, 'text'>,
  completeness: Completeness,
  damage: string | undefined,
): string {
  const right = `${amount(rows, 'row')} in ${amount(commits, 'commit')}`;
  if (state === 'none') return 'This capture carries no seal: nothing says whether its rows are as they were recorded.';
  if (damage !== undefined)
    return `The file is damaged (${damage.replaceAll(/\s+/g, ' ').slice(0, 200)}); ${right} before that fit.`;
  if (firstWrong?.table === 'capture_stop' && firstWrong.what === 'missing') {
    return `The file was finished and has no end: rows were cut off after ${right}.`;
  }
  if (firstWrong) {
    const { table, key: row, what } = firstWrong;
    return `Row ${String(row)} of ${table} ${WHAT[what]}; ${amount(commits, 'commit')} before it fit.`;
  }
  if (signed === 'invalid') {
    return key === undefined
      ? `Every row is as it was recorded (${right}), but the capture is not signed.`
      : `Every row is as it was recorded (${right}), but the capture is signed with another key, ${key}.`;
  }
  if (state === 'holds') return `Every row is as it was recorded: ${right}${SIGNED[signed]}.`;
  const why = completeness === 'recording' ? 'a recorder still writes to it' : 'its recorder did not finish it';
  return `Every row up to the last commit is as it was recorded: ${right}${SIGNED[signed]}. The capture is not finished: ${why}.`;
}
