/** The user's choices, kept in one small file. */
import { FIRST_SETTINGS } from '#contract/first-settings.ts';
import type { Settings } from '#contract/api.ts';
import { MOST_FILTER, MOST_FILTERS } from '#contract/filter.ts';
import { FIRST_LANES, MOST_LANE_KEY, MOST_LANE_KEYS } from '#contract/lane-layout.ts';
import { FIRST_RULES, MOST_RULES, ROW_COLOURS } from '#contract/row-colours.ts';
import { SESSION_POLICIES } from '#contract/session.ts';
import { z } from 'zod';
import { JsonFile } from './json-file.ts';
import { layoutShape, viewsShape } from './note-shapes.ts';

/** Beyond these nothing can be read, or hardly anything is in sight. */
const LEAST_ZOOM = 0.5;
const MOST_ZOOM = 3;

const theme = z.enum(['system', 'light', 'dark']);
const timeZone = z.enum(['utc', 'local']);
const session = z.enum(SESSION_POLICIES);
const alarms = z.boolean();
const zoom = z.number().min(LEAST_ZOOM).max(MOST_ZOOM);
const panes = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9.-]{0,63}$/), z.number().min(0).max(100_000))
  .refine((sizes) => Object.keys(sizes).length <= 64, 'expected at most 64 panes');

const name = z.string().regex(/^[a-z][A-Za-z0-9.-]{0,63}$/);
const tables = z
  .record(name, layoutShape)
  .refine((layouts) => Object.keys(layouts).length <= 32, 'expected at most 32 tables');
const filters = z.array(z.string().min(1).max(MOST_FILTER)).max(MOST_FILTERS);

const colours = z
  .array(
    z.strictObject({
      name: z.string().max(200),
      filter: z.string().max(MOST_FILTER),
      colour: z.enum(ROW_COLOURS),
      on: z.boolean(),
    }),
  )
  .max(MOST_RULES);

const laneKeys = z.array(z.string().min(1).max(MOST_LANE_KEY)).max(MOST_LANE_KEYS);
const lanes = z.strictObject({ collapsed: laneKeys, hidden: laneKeys, order: laneKeys, pinned: laneKeys });

/** What may be asked to change. */
export const settingsChange: z.ZodType<Partial<Settings>> = z.strictObject({
  theme: theme.exactOptional(),
  timeZone: timeZone.exactOptional(),
  zoom: zoom.exactOptional(),
  session: session.exactOptional(),
  alarms: alarms.exactOptional(),
  panes: panes.exactOptional(),
  tables: tables.exactOptional(),
  filters: filters.exactOptional(),
  colours: colours.exactOptional(),
  views: viewsShape.exactOptional(),
  lanes: lanes.exactOptional(),
});

/** A field that does not fit falls back alone; the others are kept. */
const stored: z.ZodType<Settings> = z.object({
  theme: theme.catch(FIRST_SETTINGS.theme),
  timeZone: timeZone.catch(FIRST_SETTINGS.timeZone),
  zoom: zoom.catch(FIRST_SETTINGS.zoom),
  session: session.catch(FIRST_SETTINGS.session),
  alarms: alarms.catch(FIRST_SETTINGS.alarms),
  panes: panes.catch({}),
  tables: tables.catch({}),
  filters: filters.catch([]),
  colours: colours.catch([...FIRST_RULES]),
  views: viewsShape.catch([]),
  lanes: lanes.catch({ collapsed: [...FIRST_LANES.collapsed], hidden: [], order: [], pinned: [] }),
});

/** Bytes of the file at most: whatever the shapes allow, each character escaped. */
const MOST_BYTES = 32 << 20;

export class SettingsFile {
  readonly #file: JsonFile<Settings>;
  #current: Settings;

  constructor(path: string) {
    this.#file = new JsonFile(path, stored, MOST_BYTES);
    this.#current = this.#file.read() ?? FIRST_SETTINGS;
  }

  get current(): Settings {
    return this.#current;
  }

  /** Applies a change; panes that it does not name keep their size. */
  change(change: Partial<Settings>): Settings {
    this.#current = { ...this.#current, ...change, panes: { ...this.#current.panes, ...change.panes } };
    this.#file.write(this.#current);
    return this.#current;
  }
}
