/**
 * The `modtrail` command. Exit codes: 0 fine, 1 the answer is "no", 2 wrong usage or unusable input, with one clear line
 * on stderr and never a stack trace.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { AttachOptions } from './commands/attach.ts';
import type { CaptureOptions } from './commands/capture.ts';
import type { DiffOptions } from './commands/diff.ts';
import type { InspectOptions } from './commands/inspect.ts';
import type { RowOptions } from './open.ts';
import { complain, EXIT_UNUSABLE, fail, finishWithoutReader } from './output.ts';
import { absolute, newCapture, newFile } from './paths.ts';
import { version } from './commands/version.ts';

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It is not a whole number above 0.');
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It is not a whole number.');
  return value;
}

function secondsOrNone(text: string): number {
  return Number(text) === 0 && text.trim() !== '' ? 0 : seconds(text);
}

const MEBIBYTE = 1024 * 1024;

function sizeLimit(text: string): number {
  const value = wholeNumber(text);
  if (value < MEBIBYTE) throw new InvalidArgumentError('It is less than 1 MiB (1048576).');
  return value;
}

/** What the kernel takes for a ring buffer, within reason. */
function ringSize(text: string): number {
  const value = wholeNumber(text);
  if (value >= 65536 && value <= 1024 * MEBIBYTE && Number.isInteger(Math.log2(value))) return value;
  throw new InvalidArgumentError('It is not a power of two from 65536 to 1073741824.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e9) throw new InvalidArgumentError('It is not a number of seconds above 0.');
  return value;
}

/** An option that may be given several times. */
const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

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
    .command('attach <stream>')
    .description("makes a capture of a recorder's stream, and prints its events as they come (docs/stream.md)")
    .requiredOption('--out <file>', 'the capture to write; must not exist yet', newCapture)
    .option('--json', 'one JSON object a line')
    .option('--quiet', 'print no events')
    .addHelpText('after', '\nThe stream: - for standard input, or the path of a socket, fifo, serial line or file.')
    .action(async (stream: string, options: AttachOptions) => {
      const { attach } = await import('./commands/attach.ts');
      process.exitCode = await attach(stream, options);
    });
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
    .option('--filter <text>', 'only rows that the filter keeps (docs/filter-language.md)')
    .option('--limit <n>', 'no more than that many', positiveInteger)
    .action(async (path: string, options: RowOptions) => {
      const { events } = await import('./commands/events.ts');
      await events(path, options);
    });
  program
    .command('attempts <capture>')
    .description('attempts with stages and verdict')
    .option('--json', 'one JSON object a line')
    .option('--filter <text>', 'only rows that the filter keeps (docs/filter-language.md)')
    .option('--limit <n>', 'no more than that many', positiveInteger)
    .action(async (path: string, options: RowOptions) => {
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
    .command('images <capture>')
    .description("the modules' bytes: one row for each distinct image")
    .option('--json', 'one JSON object a line')
    .action(async (path: string, options: { json?: true }) => {
      const { images } = await import('./commands/images.ts');
      await images(path, options);
    });
  program
    .command('modules <capture>')
    .description('what the attempts were about: one row for each module, with all that came of it')
    .addOption(new Option('--by <what>', 'a row for each name or for each distinct image').choices(['name', 'image']))
    .option('--json', 'one JSON object a line')
    .action(async (path: string, options: { json?: true; by?: 'name' | 'image' }) => {
      const { modules } = await import('./commands/roster.ts');
      await modules(path, options);
    });
  program
    .command('processes <capture>')
    .description('the tree of processes that led to the attempts')
    .option('--json', 'one JSON object a line')
    .action(async (path: string, options: { json?: true }) => {
      const { processes } = await import('./commands/roster.ts');
      await processes(path, options);
    });
  program
    .command('extract <capture>')
    .description('writes the exact bytes of an image to a new file')
    .option('--image <sha256>', 'which one: its SHA-256, or 8 digits or more of its beginning')
    .option('--event <seq>', 'which one: that of this event', positiveInteger)
    .requiredOption('--out <file>', 'the file to write; must not exist yet', newFile)
    .option('--partial', 'an image that did not arrive whole, too; what is missing becomes zeros')
    .action(async (path: string, options: { image?: string; event?: number; out: string; partial?: true }) => {
      const { extract } = await import('./commands/images.ts');
      await extract(path, options);
    });
  program
    .command('inspect <file...>')
    .description('everything that a module image says, without running it: X.ko, or an image of a capture')
    .option('--image <sha256>', 'an image of the capture: its SHA-256, or 8 digits or more of its beginning')
    .option('--parts <names>', 'only these parts, with commas between them')
    .option('--relocations', 'with --json: every relocation, not only their counts')
    .option('--code <function>', 'its code: a name, init, exit, or .text+0x20; may be given several times', collect)
    .option('--json', 'one JSON object a file')
    .option('--certificates <path>', 'a file or folder to verify signatures with; may be given several times', collect)
    .action(async (paths: string[], options: InspectOptions) => {
      const { inspect } = await import('./commands/inspect.ts');
      finishWithoutReader();
      process.exitCode = await inspect(paths, options);
    });
  program
    .command('diff <a> [b]')
    .description('how two modules differ, by meaning first; exit code 1 where they do')
    .option('--json', 'one JSON object')
    .option(
      '--image <sha256>',
      "the first is a capture: this image of it, and the file that it came from or that's named",
    )
    .option('--certificates <path>', 'a file or folder to verify signatures with; may be given several times', collect)
    .action(async (a: string, b: string | undefined, options: DiffOptions) => {
      const { diff } = await import('./commands/diff.ts');
      finishWithoutReader();
      process.exitCode = await diff(a, b, options);
    });
  program
    .command('verify <capture>')
    .description('whether every row is as it was recorded; names the first that is not')
    .option('--key <file>', 'the Ed25519 public key that it must be signed with (PEM, or 64 hexadecimal digits)')
    .option('--json', 'one JSON object')
    .action(async (path: string, options: { json?: true; key?: string }) => {
      const { verify } = await import('./commands/verify.ts');
      finishWithoutReader();
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
    .requiredOption('--out <file>', 'the capture to write; must not exist yet', newCapture)
    .option('--duration <seconds>', 'stop after that time', seconds)
    .option('--no-images', 'keep no bytes of modules, only their hashes')
    .option(
      '--images-under <path>',
      'keep the bytes of modules from files under that folder, of others only the hashes',
      absolute,
    )
    .option('--image-limit <bytes>', 'keep no bytes of longer modules, only their hashes', wholeNumber)
    .option(
      '--scan-interval <seconds>',
      'look at the loaded modules that often; 0: only at start and stop',
      secondsOrNone,
    )
    .option('--max-size <bytes>', 'stop when the file is that large, 1 MiB at least', sizeLimit)
    .option('--rotate', 'with --max-size: go on in another file instead')
    .option('--sign-key <file>', 'sign every commit with this Ed25519 private key (PKCS#8, PEM)', absolute)
    .addOption(new Option('--attach <how>', 'how calls are watched').choices(['auto', 'tracepoint', 'fentry', 'raw']))
    .option('--ring <bytes>', 'size of the buffer for calls', ringSize)
    .option('--image-ring <bytes>', "size of the buffer for modules' bytes", ringSize)
    .action(async (options: CaptureOptions) => {
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
