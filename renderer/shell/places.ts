/** Keeps the place of every open capture while another one is looked at, and the way that one has come. */
import { onBeforeUnmount, watch } from 'vue';
import { useCaptures } from '../stores/captures.ts';
import { useHistory } from '../stores/history.ts';
import { useModules } from '../stores/module/modules.ts';
import { usePlaces } from '../stores/places.ts';
import { useSelection } from '../stores/selection.ts';
import { useTabs } from '../stores/tabs.ts';
import { useTimeline } from '../stores/timeline.ts';
import { useView } from '../stores/view.ts';
import { placeParts } from './place-parts.ts';

export function usePlaceKeeping(): void {
  const captures = useCaptures();
  const history = useHistory();
  const modules = useModules();
  const places = usePlaces();
  const selection = useSelection();
  const tabs = useTabs();
  const timeline = useTimeline();
  const view = useView();

  const ends = [
    places.register(...placeParts()),
    captures.beforeLeaving((id) => {
      places.kept.set(id, places.take());
    }),
  ];

  // At once, so that nobody ever sees the new capture with the place of the one before.
  watch(
    () => captures.currentId,
    (id) => {
      const place = id === undefined ? undefined : places.kept.get(id);
      selection.clear();
      timeline.reset();
      void places.put(place, true);
    },
    { flush: 'sync' },
  );
  watch(
    () => captures.list.map(({ id }) => id),
    (ids) => {
      for (const id of places.kept.keys()) if (!ids.includes(id)) places.kept.delete(id);
    },
  );
  // A module that is opened is looked at; when it is closed, what was looked at before, or another one.
  watch(
    () => modules.current?.id,
    (id) => {
      const rest = modules.list.at(-1);
      if (id !== undefined) view.showModule();
      else if (captures.current || !rest) view.leaveModule();
      else modules.look(rest.id);
    },
  );
  watch(
    () => [history.here(), places.putting] as const,
    ([where]) => {
      history.visit(where);
    },
    { flush: 'post' },
  );
  watch(() => tabs.tabs.map(({ key }) => key).join(' '), history.forgetClosed);

  onBeforeUnmount(() => {
    for (const end of ends) end();
  });
}
