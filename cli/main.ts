/**
 * The `modtrail` command. Exit codes: 0 fine, 1 the answer is "no", 2 wrong usage or unusable input, with one clear line
 * on stderr and never a stack trace.
 */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { complain, EXIT_UNUSABLE, fail } from './output.ts';
import { version } from './commands/version.ts';

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It is not a whole number above 0.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e9) throw new InvalidArgumentError('It is not a number of seconds above 0.');
  return value;
}

/** Commander's complaint, with its hint ("Did you mean …?"), in one line. */
function oneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}

function build(): Command {
  const program = new Command('modtrail')
    .description('Which code entered this kernel, who put it there, and what the kernel made of it.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show what there is')
    .configureOutput({
      outputError: (text) => {
        complain(oneLine(text));
      },
    })
    .exitOverride();

  program
    .command('info <capture>')
    .description('host, kernel, times, counts, losses, hooks')
    .option('--json', 'one JSON object')
    .action(async (path: string, options: { json?: true }) => {
      const { info } = await import('./commands/info.ts');
      await info(path, options);
    });
  program
    .command('events <capture>')
    .description('events in order')
    .option('--json', 'one JSON object a line')
    .option('--limit <n>', 'no more than that many', positiveInteger)
    .action(async (path: string, options: { json?: true; limit?: number }) => {
      const { events } = await import('./commands/events.ts');
      await events(path, options);
    });
  program
    .command('attempts <capture>')
    .description('attempts with stages and verdict')
    .option('--json', 'one JSON object a line')
    .option('--limit <n>', 'no more than that many', positiveInteger)
    .action(async (path: string, options: { json?: true; limit?: number }) => {
      const { attempts } = await import('./commands/attempts.ts');
      await attempts(path, options);
    });
  program
    .command('story <capture>')
    .description('what happened, one paragraph an attempt')
    .action(async (path: string) => {
      const { story } = await import('./commands/attempts.ts');
      await story(path);
    });
  program
    .command('verify <capture>')
    .description('whether every row is as it was recorded; names the first that is not')
    .option('--key <file>', 'the Ed25519 public key that it must be signed with (PEM, or 64 hexadecimal digits)')
    .option('--json', 'one JSON object')
    .action(async (path: string, options: { json?: true; key?: string }) => {
      const { verify } = await import('./commands/verify.ts');
      process.exitCode = await verify(path, options);
    });
  program
    .command('reference [event]')
    .description('what each event, argument, flag and error means')
    .option('--json', 'one JSON object')
    .action(async (name: string | undefined, options: { json?: true }) => {
      const { reference } = await import('./commands/reference.ts');
      await reference(name, options);
    });
  program
    .command('capture')
    .description('record into a new capture; needs root, and asks for it')
    .requiredOption('--out <file>', 'the capture to write; must not exist yet')
    .option('--duration <seconds>', 'stop after that time', seconds)
    .option('--no-images', "leave the modules' bytes out")
    .action(async (options: { out: string; duration?: number; images: boolean }) => {
      const { capture } = await import('./commands/capture.ts');
      process.exitCode = await capture(options);
    });
  return program;
}

const program = build();
try {
  if (process.argv.length <= 2) {
    complain(`a command is needed: ${program.commands.map((command) => command.name()).join(', ')}; --help says more`);
    process.exitCode = EXIT_UNUSABLE;
  } else await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) fail(error);
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_UNUSABLE;
}
