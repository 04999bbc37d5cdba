import type { Sessions } from '../../actions/create-sessions.js';
import type { Redact } from '../../protocol/session-file/redaction.js';
import type { Clock } from '../base/clock.js';
import { errorText } from '../strings/error-text.js';
import type { PanelStrings } from '../strings/english.js';
import type { Say } from './say.js';
import { copiedMarkdown } from './copied-markdown.js';
import { downloadSession } from './session-download.js';

/** The panel, as `FileCommands` needs it. */
export interface FileCommandsHost {
  readonly strings: PanelStrings;
  readonly clock: Clock;
  /** What the host leaves out of files, or changes in them. */
  readonly redact: Redact | undefined;
}

/** Commands of a person that take a session out of the panel. */
export class FileCommands {
  readonly #panel: FileCommandsHost;
  readonly #say: Say;
  #lifetime = new AbortController();

  constructor(panel: FileCommandsHost, say: Say) {
    this.#panel = panel;
    this.#say = say;
  }

  /** Ends what is under way. */
  stop(): void {
    this.#lifetime.abort();
    this.#lifetime = new AbortController();
  }

  /**
   * Copies a session, or one node of it; the outcome is shown below the list. Never rejects.
   *
   * @param source where the session is, and the clock of its times.
   */
  async copyMarkdown(
    { sessions, clock }: { readonly sessions: Partial<Sessions>; readonly clock: Clock },
    sessionId: string,
    nodeId?: string,
  ): Promise<void> {
    const { strings, redact } = this.#panel;
    const { signal } = this.#lifetime;
    const which = { sessionId, ...(nodeId === undefined ? {} : { nodeId }) };
    const text = copiedMarkdown(sessions, which, { redact, nowMs: clock.now(), signal, strings });
    try {
      await toClipboard(text);
      this.#say({ text: strings.copiedMarkdown, isError: false });
    } catch {
      // Either the text failed, and says why, or the browser refused, or the page is not served securely.
      const reason = await text.then(
        () => strings.copyFailed,
        (error: unknown) => strings.copyMarkdownFailed(errorText(error, strings)),
      );
      if (!signal.aborted) this.#say({ text: reason, isError: true });
    }
  }

  /** Downloads a session as a file; a failure is shown below the list. Never rejects. */
  async download(sessions: Partial<Sessions>, sessionId: string): Promise<void> {
    const { strings } = this.#panel;
    const { signal } = this.#lifetime;
    this.#say({ text: strings.preparingFile, isError: false });
    const failure = await this.#save(sessions, sessionId, signal);
    if (signal.aborted) return;
    this.#say(failure === undefined ? undefined : { text: strings.downloadFailed(failure), isError: true });
  }

  /** Downloads sessions, each as a file, one after another; those that failed are shown below the list. Never rejects. */
  async downloadMany(sessions: Partial<Sessions>, sessionIds: readonly string[]): Promise<void> {
    const [first, ...others] = sessionIds;
    if (first === undefined) return;
    if (others.length === 0) return this.download(sessions, first);
    const { strings } = this.#panel;
    const { signal } = this.#lifetime;
    const count = sessionIds.length;
    const failures: string[] = [];
    for (const [position, sessionId] of sessionIds.entries()) {
      this.#say({ text: strings.preparingFiles(position + 1, count), isError: false });
      const failure = await this.#save(sessions, sessionId, signal);
      if (signal.aborted) return;
      if (failure !== undefined) failures.push(failure);
    }
    const [reason] = failures;
    const text = reason === undefined ? '' : strings.downloadsFailed(failures.length, count, reason);
    this.#say(text === '' ? undefined : { text, isError: true });
  }

  /** Resolves with the reason why a session could not be downloaded. */
  async #save(
    sessions: Partial<Sessions>,
    sessionId: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { strings, redact, clock } = this.#panel;
    try {
      await downloadSession(sessions, sessionId, { redact, nowMs: clock.now(), signal });
      return undefined;
    } catch (error) {
      return errorText(error, strings);
    }
  }
}

/** Puts a text that is still being made on the clipboard. Safari allows that only when the browser itself waits for it. */
async function toClipboard(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === 'undefined') return navigator.clipboard.writeText(await text);
  const blob = text.then((plain) => new Blob([plain], { type: 'text/plain' }));
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}
