/** Goes to what was asked for: it becomes what is selected, and the table shows its row. */
import type { Wide } from '#contract/wide.ts';
import { useCaptures } from '../stores/captures.ts';
import { useRemark } from '../stores/remark.ts';
import { useSelection } from '../stores/selection.ts';
import type { Target } from './go-to.ts';

/** Rows that can be found by their moment. */
export interface MomentRows<Row> {
  firstFrom(ns: Wide): Promise<Row | undefined>;
}

export interface GoingUses<Row> {
  readonly rows: MomentRows<Row>;
  choose(row: Row): Promise<void>;
}

export function useGoing<Row>({ rows, choose }: GoingUses<Row>): (target: Target) => Promise<void> {
  const captures = useCaptures();
  const selection = useSelection();
  const { say } = useRemark();

  return async (target) => {
    const { clock } = captures;
    if (target.kind === 'seq') await selection.selectEvent(target.seq);
    else if (target.kind === 'call') await selection.selectAttempt(target.callId);
    else if (clock) {
      const row = await rows.firstFrom(clock.ns(target.kind === 'wall' ? clock.offsetAt(target.wall) : target.offset));
      if (row === undefined) say('no row of this table is as late as that', true);
      else await choose(row);
    }
  };
}
