/** What of a condition is answered from what was judged, and is another thing for as long as not everything was read. */
import { simplified, type Scan } from './scan.ts';

/** Functions that are answered from what was judged, and those of them that indexes do not answer as well (./kernel-stages.ts). */
const JUDGED = /\b(?:verdict_at|verdict_rank|disagreement_of|shared_load|shared_name|kernels_name|kernels_seq)\(/;
const VERDICTS = /\b(?:verdict_at|verdict_rank|disagreement_of)\(/;

/** Whether what a piece of SQL says is another thing when more is known of verdicts. */
export const dependsOnVerdicts = (text: string): boolean => JUDGED.test(text);

/** Whether it asks for verdicts themselves. */
export const asksVerdicts = (text: string): boolean => VERDICTS.test(text);

/**
 * Whether a condition has to wait for what is judged.
 * @param isWhole whether all sets that it asks for were found: before, what is only asked of some rows may turn out to be
 *   asked of none
 */
export function waitsForVerdicts(
  { where, scan }: { readonly where: string; readonly scan?: Scan },
  isWhole: boolean,
): boolean {
  const waits = (part: Scan): boolean => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return part.parts.some(waits);
      case 'not':
        return waits(part.part);
      case 'value':
        return part.column === 'verdict';
      case 'sql':
        return isWhole && dependsOnVerdicts(part.condition.text);
      default:
        return false;
    }
  };
  return scan ? waits(simplified(scan)) : isWhole && dependsOnVerdicts(where);
}
