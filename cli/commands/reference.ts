/** `modtrail reference`: the built-in reference. */
import type { ReferenceArgument, ReferenceEvent } from '#contract/reference.ts';
import { REFERENCE, referenceOf } from '#core/reference/reference.ts';
import { CommandFailure, line } from '../output.ts';

function tags(argument: ReferenceArgument): string {
  return [argument.origin, ...(argument.toctou ? ['TOCTOU'] : []), ...(argument.optional ? ['OPT'] : [])].join(', ');
}

async function page(event: ReferenceEvent): Promise<void> {
  await line(event.title);
  await line('');
  for (const text of [event.intro, ...event.description]) await line(text);
  if (event.arguments.length > 0) await line('\nArguments');
  for (const argument of event.arguments) {
    await line(`  ${argument.name}: ${argument.type} [${tags(argument)}]`);
    await line(`      ${argument.description}`);
    if (argument.difference) await line(`      ${argument.difference}`);
    for (const flag of argument.flags ?? [])
      await line(`      0x${flag.value.toString(16)} ${flag.name}: ${flag.description}`);
  }
  if (event.errnos.length > 0) await line('\nErrors');
  for (const errno of event.errnos) await line(`  ${errno.name} (${String(errno.number)}): ${errno.meaning}`);
  if (event.hooks.length > 0) await line('\nHooks');
  for (const hook of event.hooks) await line(`  ${hook.name}, ${hook.type}: ${hook.purpose}`);
  await line(`\nUse: ${event.useCase}\nIssues: ${event.issues}`);
  if (event.related.length > 0) await line(`Related: ${event.related.join(', ')}`);
  await line(`Source: ${event.source}`);
}

export async function reference(name: string | undefined, options: { json?: true }): Promise<void> {
  if (name === undefined) {
    if (options.json) return line(JSON.stringify(REFERENCE));
    for (const event of REFERENCE.events) await line(`${event.name.padEnd(16)} ${event.intro}`);
    await line('\nTags');
    for (const { tag, meaning } of REFERENCE.tags) await line(`  ${tag.padEnd(7)} ${meaning}`);
    return;
  }
  const event = referenceOf(name);
  if (!event) {
    throw new CommandFailure(
      `there is no event '${name}'; these are known: ${REFERENCE.events.map((known) => known.name).join(', ')}`,
    );
  }
  if (options.json) return line(JSON.stringify(event));
  await page(event);
}
