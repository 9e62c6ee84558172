import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_STEPS, PAUSE, Trail, type Step } from '../../../renderer/history/trail.ts';

const step = (key: string, area = 'area'): Step<string> => ({ where: key, key, area });
const LONG = 10 * PAUSE;

function walked(...keys: readonly string[]): { trail: Trail<string>; now: number } {
  const trail = new Trail<string>();
  let now = 0;
  for (const key of keys) trail.visit(step(key), (now += LONG));
  return { trail, now };
}

test('one goes back the way one came, and forward again', () => {
  const { trail, now } = walked('a', 'b', 'c');
  expect([trail.canBack, trail.canForward]).toEqual([true, false]);
  expect(['b', 'a', undefined]).toEqual([1, 2, 3].map(() => trail.go(-1, now)?.where));
  expect([trail.canBack, trail.canForward]).toEqual([false, true]);
  expect(trail.go(1, now)?.where).toBe('b');
});

test('going elsewhere forgets what was ahead; staying where one is does not', () => {
  const { trail, now } = walked('a', 'b', 'c');
  trail.go(-1, now);
  trail.visit({ ...step('b'), where: 'b, a little further' }, now + LONG);
  expect([trail.canForward, trail.current?.where]).toEqual([true, 'b, a little further']);
  trail.visit(step('d'), now + 2 * LONG);
  expect(trail.canForward).toBe(false);
  expect(trail.go(-1, now)?.key).toBe('b');
});

test('running through rows is one step, and going to another view is always one of its own', () => {
  const { trail, now } = walked('a');
  for (const [index, key] of ['b', 'c', 'd'].entries()) trail.visit(step(key), now + LONG + index);
  expect(trail.go(-1, now + LONG + 5)?.key).toBe('a');
  trail.go(1, now + 2 * LONG);
  trail.visit(step('e', 'elsewhere'), now + 2 * LONG + 1);
  expect(trail.go(-1, now + 3 * LONG)?.key).toBe('d');
});

test('who passes through and comes back has gone nowhere', () => {
  const { trail, now } = walked('a', 'b');
  trail.visit(step('c'), now + LONG);
  trail.visit(step('b'), now + LONG + 1);
  expect(trail.go(-1, now + LONG)?.key).toBe('a');
});

test('steps to what is closed are gone, and equal neighbours are one', () => {
  const { trail, now } = walked('a', 'x', 'a', 'b', 'x');
  trail.keep((where) => where !== 'x');
  expect(trail.current?.key).toBe('b');
  expect(trail.go(-1, now)?.key).toBe('a');
  expect(trail.canBack).toBe(false);
  trail.keep(() => false);
  expect([trail.current, trail.canBack, trail.canForward]).toEqual([undefined, false, false]);
});

test('whatever is done, the trail is bounded and one stands on it', () => {
  const deed = fc.oneof(
    fc.record({ visit: fc.constantFrom('a', 'b', 'c'), area: fc.constantFrom('m', 'n'), after: fc.nat(2 * PAUSE) }),
    fc.constantFrom(1 as const, -1 as const),
    fc.record({ close: fc.constantFrom('a', 'b', 'c') }),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      const trail = new Trail<string>();
      let now = 0;
      for (const one of deeds) {
        if (typeof one === 'number') trail.go(one, now);
        else if ('close' in one) trail.keep((where) => where !== one.close);
        else {
          trail.visit(step(one.visit, one.area), (now += one.after));
          expect(trail.current?.key).toBe(one.visit);
        }
        if (trail.canBack || trail.canForward) expect(trail.current).toBeDefined();
      }
    }),
  );
  const { trail } = walked(...Array.from({ length: MOST_STEPS + 50 }, (_, index) => String(index)));
  let steps = 1;
  while (trail.go(-1, 0)) steps += 1;
  expect(steps).toBe(MOST_STEPS);
});
