/** What happens on a collector's line, as promises. */
import type { ControlLine } from './control-line.ts';
import { deferred } from './deferred.ts';
import type { LineEvents } from './line.ts';

export interface Conversation {
  readonly events: LineEvents;
  /** A collector has connected. */
  readonly met: Promise<null>;
  /** true: it records · false: the line was closed before. */
  readonly hello: Promise<boolean>;
  readonly hungUp: Promise<null>;
}

/** @param heard takes every line but the first word */
export function conversation(heard: (line: ControlLine) => void): Conversation {
  const { promise: hello, resolve: greet } = deferred<boolean>();
  const { promise: hungUp, resolve: hangUp } = deferred<null>();
  const { promise: met, resolve: meet } = deferred<null>();
  const events: LineEvents = {
    met: () => {
      meet(null);
    },
    said: (line) => {
      if (line.word === 'hello') greet(true);
      else heard(line);
    },
    closed: () => {
      greet(false);
      hangUp(null);
    },
  };
  return { events, met, hello, hungUp };
}
