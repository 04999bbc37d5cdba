import { AlikeController } from '../../controller/inbox/alike-controller.js';
import { InboxController } from '../../controller/inbox/inbox-controller.js';
import type { Answer } from '../../protocol/questions/interactions.js';
import type { OnDemand } from '../../loading/on-demand.js';
import type * as SessionTools from '../session-tools.js';
import type { AlikeActions, Inbox, InboxActions, InboxOptions } from './inbox.js';

/** Dependencies of `InboxOnDemand`. */
export interface InboxOnDemandOptions extends Omit<InboxOptions, 'state' | 'alike' | 'tools'> {
  readonly tools: OnDemand<typeof SessionTools>;
}

/**
 * The inbox whose code is loaded with the tools of a session. One that is opened before is open and empty; what shows
 * it loads the tools, and with them come the sessions that wait.
 */
export class InboxOnDemand implements InboxActions {
  readonly state = new InboxController();
  readonly alike: AlikeActions;
  readonly #alikeState = new AlikeController();
  readonly #options: InboxOnDemandOptions;
  #made: Inbox | undefined;

  constructor(options: InboxOnDemandOptions) {
    this.#options = options;
    this.alike = {
      state: this.#alikeState,
      propose: async (...proposal) => this.#inbox?.alike.propose(...proposal),
      send: async () => this.#inbox?.alike.send(),
      end: () => this.#inbox?.alike.end(),
    };
    void options.tools.loaded.then(() => this.#openInFull());
  }

  get #inbox(): Inbox | undefined {
    const { tools } = this.#options;
    if (tools.now === undefined) return undefined;
    return (this.#made ??= new tools.now.Inbox({
      ...this.#options,
      state: this.state,
      alike: this.#alikeState,
    }));
  }

  /** Opens what was opened before the tools were there. */
  #openInFull(): void {
    if (!this.state.isOpen || this.#made !== undefined) return;
    this.state.setOpen(false, []);
    this.#inbox?.open();
  }

  open(): void {
    if (this.#inbox === undefined) this.state.setOpen(true, []);
    else this.#inbox.open();
  }

  close(): void {
    if (this.#inbox === undefined) this.state.setOpen(false, []);
    else this.#inbox.close();
  }

  refresh(): void {
    this.#inbox?.refresh();
  }

  skip(): void {
    this.#inbox?.skip();
  }

  back(): void {
    this.#inbox?.back();
  }

  goTo(key: number): void {
    this.#inbox?.goTo(key);
  }

  reviewSkipped(): void {
    this.#inbox?.reviewSkipped();
  }

  async answer(interactionId: string, answer: Answer): Promise<void> {
    await this.#inbox?.answer(interactionId, answer);
  }

  answerLater(interactionId: string, answer: Answer): void {
    this.#inbox?.answerLater(interactionId, answer);
  }

  proposeAlike(interactionId: string, answer: Answer): void {
    this.#inbox?.proposeAlike(interactionId, answer);
  }

  endAlike(): void {
    this.#inbox?.endAlike();
  }

  undo(id: number): void {
    this.#inbox?.undo(id);
  }

  holdUndo(isHeld: boolean): void {
    this.#inbox?.holdUndo(isHeld);
  }

  saveDraft(interactionId: string, draft: unknown, overridesOther?: boolean): void {
    this.#inbox?.saveDraft(interactionId, draft, overridesOther);
  }

  dismissClosed(interactionId: string): void {
    this.#inbox?.dismissClosed(interactionId);
  }

  dismissFailed(sessionId: string, interactionId: string): void {
    this.state.endFailed(sessionId, interactionId);
  }

  retryNow(): void {
    this.#inbox?.retryNow();
  }
}
