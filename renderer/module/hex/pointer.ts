/** The pointer over the bytes: a press goes to a byte, a drag extends the selection. */
import { HEX_WIDTH, IN_ROW, placeAt } from './rows.ts';

/** The byte under the pointer; undefined beside the columns. */
function offsetAt(event: PointerEvent): number | undefined {
  const part = (event.target as HTMLElement).closest<HTMLElement>('[data-part]');
  const row = part?.closest<HTMLElement>('[data-offset]');
  if (!part || !row) return undefined;
  const { left, width } = part.getBoundingClientRect();
  const text = part.dataset['part'] === 'ascii';
  const column = ((event.clientX - left) / width) * (text ? IN_ROW : HEX_WIDTH);
  const place = text ? Math.min(Math.max(Math.floor(column), 0), IN_ROW - 1) : placeAt(column);
  return Number(row.dataset['offset']) + place;
}

export interface BytePointer {
  down(event: PointerEvent): void;
  drag(event: PointerEvent): void;
  up(): void;
}

/** @param move - to a byte; told of the same one twice only where it is pressed twice */
export function bytePointer(move: (offset: number, extend: boolean) => void): BytePointer {
  let at: number | undefined;
  return {
    down: (event) => {
      at = event.button === 0 ? offsetAt(event) : undefined;
      if (at !== undefined) move(at, event.shiftKey);
    },
    drag: (event) => {
      if (at === undefined || (event.buttons & 1) === 0) return;
      const offset = offsetAt(event);
      if (offset === undefined || offset === at) return;
      at = offset;
      move(offset, true);
    },
    up: () => {
      at = undefined;
    },
  };
}
