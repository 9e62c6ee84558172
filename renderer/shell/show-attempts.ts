/** The way from a row that counts attempts to these attempts: as a filter of their table. */
import { useFilters } from '../stores/filters.ts';
import { useView } from '../stores/view.ts';

export function useShowAttempts(): { showAttempts(filter: string): Promise<void> } {
  const filters = useFilters();
  const view = useView();
  return {
    showAttempts: async (filter) => {
      view.show('attempts');
      await filters.set('attempts', filter);
    },
  };
}
