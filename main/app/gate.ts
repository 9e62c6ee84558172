/**
 * The gate through which every message of the page goes: who sent it, and whether its arguments fit the verb. Knows
 * Electron's types only, so that tests can stand in its way without Electron.
 */
import type { Api, Verb } from '#contract/api.ts';
import { fail, type Result } from '#contract/result.ts';
import type { WebContents, WebFrameMain } from 'electron';
import { objection, type Shape } from '../store/shapes.ts';
import { logDefect } from './log.ts';
import { isOwnUrl } from './page.ts';
import { API_SHAPES } from './shapes.ts';

/** Where a message came from, as Electron tells it. */
export interface Sender {
  readonly sender: Pick<WebContents, 'mainFrame'>;
  readonly senderFrame: Pick<WebFrameMain, 'url'> | null;
}

/** Handlers of all verbs: the same map that types the page's side. */
export type Handlers = { readonly [V in Verb]: Api[V] };

/** Whether a message comes from the top frame of the app's own page in the app's own window. */
export function isOwnPage(
  { sender, senderFrame }: Sender,
  window: Pick<WebContents, 'mainFrame'> | undefined,
): boolean {
  return senderFrame !== null && sender === window && senderFrame === sender.mainFrame && isOwnUrl(senderFrame.url);
}

/** Answers one message of the page for a verb. Never rejects. */
export async function answerVerb<V extends Verb>(
  verb: V,
  handlers: Handlers,
  trusted: boolean,
  args: readonly unknown[],
): Promise<Result<unknown>> {
  const handle = handlers[verb] as (...args: Parameters<Api[V]>) => Promise<Result<unknown>>;
  return await answer(verb, API_SHAPES[verb] as unknown as Shape<Parameters<Api[V]>>, trusted, args, handle);
}

/**
 * Checks sender and arguments, then answers. A defect becomes one sentence for the screen and its stack goes to the log.
 * @param trusted - the result of `isOwnPage`.
 */
export async function answer<Args extends readonly unknown[]>(
  name: string,
  shape: Shape<Args>,
  trusted: boolean,
  args: readonly unknown[],
  handle: (...args: Args) => Promise<Result<unknown>>,
): Promise<Result<unknown>> {
  if (!trusted) return refuse(name);
  try {
    const checked = shape.safeParse(args);
    if (!checked.success)
      return fail('bad-request', `${name} was asked with arguments that do not fit: ${objection(checked.error)}`);
    return await handle(...checked.data);
  } catch (error) {
    logDefect(name, error);
    return fail('unexpected', `a defect in Modtrail kept ${name} from being answered; its log has the details`);
  }
}

/** The answer to a message from anywhere else. */
export const refuse = (name: string): Result<never> =>
  fail('bad-request', `${name} was asked by something that is not the app's own page`);
