/** Keys and movements of the pointer that are no commands: a table, a plot and the inspector of a module take them themselves. */
import type { CommandGroup } from '#contract/commands.ts';

export const OTHER_KEYS: Readonly<
  Partial<Record<CommandGroup, readonly (readonly [keys: string, meaning: string])[]>>
> = {
  Timeline: [
    ['wheel', 'scroll the lanes; with Ctrl zoom at the pointer, with Shift move'],
    ['drag', 'move'],
    ['W  S  A  D held', 'smoothly in, out, left, right'],
    ['←  →  Home  End', 'on the timeline: from mark to mark'],
    ['P', 'on a lane’s name: keep it on top, or no more'],
    ['Delete  Shift Delete', 'on a lane’s name: hide it; show all hidden ones'],
    ['Alt ↑  ↓', 'on a lane’s name: to another place; dragging does the same'],
    ['←  →  Enter', 'on a group of lanes: collapse, expand'],
    ['Shift drag', 'select an interval; a drag along the axis does the same'],
  ],
  Table: [
    ['↑  ↓', 'the row before, the next one'],
    ['Page ↑  Page ↓', 'by pages'],
    ['Home  End', 'to the first, to the last'],
    ['←  →', 'to a cell of the row'],
    ['Shift ↑  ↓', 'several rows; Ctrl click for one more, or one less'],
    ['Ctrl A', 'all rows'],
    ['Ctrl C', 'copy the selected rows'],
    ['Shift F10', 'what can be done with the cell and the rows, or with a value of the inspector'],
    ['=  &  !  |', 'the cell or value as filter; and, and not, or'],
    ['Shift ←  →', 'on a heading: narrower, wider'],
    ['Ctrl Shift ←  →', 'on a heading: to another place'],
    ['Enter', 'into the inspector'],
  ],
  Module: [
    ['Ctrl Page ↑  Page ↓', 'the part before, the next one'],
    ['B', 'the bytes beside the part'],
    ['C', 'the code at the byte that is looked at'],
    ['Enter', 'of a function its code; of an instruction what it leads to'],
    ['Ctrl Shift F', 'look for bytes or text in the bytes; / does the same'],
    ['Ctrl G', 'go to an offset'],
    ['F3  Shift F3', 'the next hit, the one before'],
    ['Escape', 'back to where the module was opened from'],
  ],
};
