/** What is set until somebody sets something else. */
import type { Settings } from './api.ts';
import { FIRST_LANES } from './lane-layout.ts';
import { FIRST_RULES } from './row-colours.ts';

export const FIRST_SETTINGS: Settings = {
  theme: 'system',
  timeZone: 'utc',
  zoom: 1,
  session: 'after-crash',
  alarms: false,
  panes: {},
  tables: {},
  filters: [],
  colours: FIRST_RULES,
  views: [],
  lanes: FIRST_LANES,
};
