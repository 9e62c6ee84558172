/** The only way out of the page: main's verbs, each answered with a Result. */
import type { Bridge } from '#contract/api.ts';
import { unpack, type PackedVerb } from '#contract/packed.ts';

const { modtrail } = window;

const unpacked: Pick<Bridge, PackedVerb> = {
  attempts: async (capture, page) => unpack(await modtrail.attempts(capture, page)),
  events: async (capture, page) => unpack(await modtrail.events(capture, page)),
  timeline: async (capture, request) => unpack(await modtrail.timeline(capture, request)),
};

/** What is not unpacked is main's own; it stays where it is, as it cannot be written over. */
export const bridge = Object.create(modtrail, Object.getOwnPropertyDescriptors(unpacked)) as Bridge<File>;
