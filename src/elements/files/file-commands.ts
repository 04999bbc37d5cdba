import type { Sessions } from '../../actions/create-sessions.js';
import type { Redact } from '../../protocol/session-file/redaction.js';
import type { Clock } from '../base/clock.js';
import type { PanelCommands } from '../base/commands.js';
import { errorText } from '../strings/error-text.js';
import type { PanelStrings } from '../strings/english.js';
import { FILES_PART } from './files-part.js';

/** The panel, as `FileCommands` needs it. */
export interface FileCommandsHost {
  readonly strings: PanelStrings;
  readonly clock: Clock;
  /** What the host leaves out of files, or changes in them. */
  readonly redact: Redact | undefined;
}

/** Shows a message of the panel; one that is no error disappears by itself. */
export type Say = (notice: { readonly text: string; readonly isError: boolean } | undefined) => void;

/** Commands of a person that take a session out of the panel. Their code is loaded when one is used. */
export class FileCommands implements Pick<PanelCommands, 'download'> {
  readonly #panel: FileCommandsHost;
  readonly #getSessions: () => Partial<Sessions>;
  readonly #say: Say;
  #lifetime = new AbortController();

  /** @param getSessions returns the current state and actions of the panel. */
  constructor(panel: FileCommandsHost, getSessions: () => Partial<Sessions>, say: Say) {
    this.#panel = panel;
    this.#getSessions = getSessions;
    this.#say = say;
  }

  /** Ends what is under way. */
  stop(): void {
    this.#lifetime.abort();
    this.#lifetime = new AbortController();
  }

  /** Downloads a session as a file; a failure is shown below the list. Never rejects. */
  readonly download = async (sessionId: string): Promise<void> => {
    const { strings, redact, clock } = this.#panel;
    const { signal } = this.#lifetime;
    this.#say({ text: strings.preparingFile, isError: false });
    try {
      const tools = (await FILES_PART.load()) ? FILES_PART.module : undefined;
      if (tools === undefined) return this.#say({ text: strings.partFailed, isError: true });
      await tools.downloadSession(this.#getSessions(), sessionId, { redact, nowMs: clock.now(), signal });
      this.#say(undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.#say({ text: strings.downloadFailed(errorText(error, strings)), isError: true });
    }
  };
}
