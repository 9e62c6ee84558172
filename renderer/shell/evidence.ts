/** Ways from a finding to what proves it. */
import { useSelection } from '../stores/selection.ts';
import { useView } from '../stores/view.ts';

export function useEvidence(): { showEvent(seq: number): void; showAttempt(callId: number): void } {
  const selection = useSelection();
  const view = useView();
  return {
    showEvent: (seq) => {
      view.show('events');
      void selection.selectEvent(seq);
    },
    showAttempt: (callId) => {
      view.show('attempts');
      void selection.selectAttempt(callId);
    },
  };
}
