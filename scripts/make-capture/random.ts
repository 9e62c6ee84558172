/** Numbers that look random and are the same whenever the seed is: sfc32 of Chris Doty-Humphrey's PractRand. */
import { createHash } from 'node:crypto';

export class Random {
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /** @param name equal names give equal numbers */
  constructor(name: string) {
    this.#name = name;
    const state = createHash('sha256').update(name).digest();
    this.#a = state.readInt32LE(0);
    this.#b = state.readInt32LE(4);
    this.#c = state.readInt32LE(8);
    this.#counter = state.readInt32LE(12);
  }

  /** Numbers of their own, which do not depend on how many were drawn here. */
  branch(name: string): Random {
    return new Random(`${this.#name}/${name}`);
  }

  /** From 0 to 2³²-1. */
  word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** From 0 to just below 1. */
  unit(): number {
    return this.word() / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.unit() * list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Waiting times of what happens by itself. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** As likely from 1 to 10 as from 10 to 100. */
  logarithmic(low: number, high: number): number {
    return low * Math.pow(high / low, this.unit());
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at++) bytes[at] = this.word() >>> 24;
    return bytes;
  }

  hex(digits: number): string {
    return this.bytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits);
  }
}
