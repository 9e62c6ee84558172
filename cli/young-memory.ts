/**
 * A large module makes much that is needed for a moment only. Node lets the memory for that grow while there is much of
 * it, to as much as the module itself; looking through little memory more often costs no more time.
 */
import { setFlagsFromString } from 'node:v8';

/** Smaller ones are quicker read than the memory has grown. */
const LARGE = 8 * 1024 * 1024;

/** @param size - bytes of a module that is about to be read */
export function keepYoungMemorySmall(size: number): void {
  if (size >= LARGE) setFlagsFromString('--semi-space-growth-factor=1');
}
