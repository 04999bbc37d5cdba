import type { PropertyDeclaration, PropertyDeclarations } from 'lit';
import type { SessionActions } from '../../actions/session-actions.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { Redact } from '../../protocol/session-file/redaction.js';
import type { SessionPlace, SessionTab } from '../base/commands.js';
import { Clock } from '../base/clock.js';
import { SignalElement } from '../base/signal-element.js';
import { browserMemory, type PanelMemory } from '../base/view-memory.js';
import type { ContentOptions } from '../content/text-view.js';
import type { PanelStrings } from '../strings/english.js';
import { firstEnglishStrings } from '../strings/first-english.js';

/**
 * The properties and attributes that a host may set on `<sessions-panel>`. `undefined` and `null`, which frameworks set
 * when a property is dropped, restore the default.
 */
export class PanelOptions extends SignalElement {
  static override properties: PropertyDeclarations = {
    history: { attribute: false },
    run: { attribute: false },
    drafts: { attribute: false },
    actions: { attribute: false },
    graphId: { attribute: 'graph-id' },
    endpoint: {},
    sessionId: { attribute: 'session-id', reflect: true },
    view: { reflect: true },
    nodeId: { attribute: 'node-id' },
    eventIndex: { type: Number, attribute: 'event-index' },
    moment: { type: Number },
    linkTo: { attribute: false },
    redact: { attribute: false },
    canStart: { type: Boolean, attribute: 'can-start' },
    shareKey: { attribute: 'share-key' },
    getToken: { attribute: false },
    fetch: { attribute: false },
    titleCount: { type: Boolean, attribute: 'title-count' },
    notifications: { type: Boolean },
    strings: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: 'frame-url' },
    fileUrlPrefix: { attribute: 'file-url-prefix' },
    clock: { attribute: false },
    memory: { attribute: false },
  };

  /** The sessions of the graph; with `run`, `drafts` and `actions`, from `createSessions(service)`. */
  declare history: SessionHistoryController | undefined;
  /** The watched session. */
  declare run: RunController | undefined;
  /** Unsent answers to questions. Without it, a draft is lost with its card. */
  declare drafts: DraftsController | undefined;
  /** The actions that the panel calls. */
  declare actions: SessionActions | undefined;
  /**
   * The graph whose sessions are shown; `*`: those of all graphs, where the service can list them (`allGraphs` of its
   * capabilities). Without it the host calls `actions.monitor` itself.
   */
  declare graphId: string | undefined;
  /** URL of a graph-sessions server, for a panel that creates its own `history`, `run` and `actions`. */
  declare endpoint: string | undefined;
  /**
   * The opened session. Setting it opens another one, `''` closes it; `undefined` changes nothing. It follows what a
   * person opens or closes, and so does the attribute.
   */
  declare sessionId: string | undefined;
  /** The tab of the opened session. It follows what a person selects. Default: the tab that was selected last. */
  declare view: SessionTab | undefined;
  /** Id of the node to which the opened session is scrolled, in its activity or, with `view="timeline"`, there. */
  declare nodeId: string | undefined;
  /** Index of the event to which the opened session is scrolled, in its events. */
  declare eventIndex: number | undefined;
  /**
   * Index of an event: the opened session is shown as it was after it. Undefined again once a person looks at another
   * moment.
   */
  declare moment: number | undefined;
  /**
   * Returns the host's link to a place, or undefined for none. With it, the menus of sessions, nodes and events offer
   * “Copy link”, and earlier moments “Copy link to this moment”.
   */
  declare linkTo: ((place: SessionPlace) => string | undefined) | undefined;
  /**
   * Returns an event as a file or a copied text may have it, changed or as it is; undefined leaves it out. What a schema
   * makes secret is replaced in any case.
   */
  declare redact: Redact | undefined;
  /**
   * Lets a person start a session of the graph, by a button in the toolbar and in the empty list. With a
   * `<form slot="start">` a dialog asks for its fields first. A list of all graphs (`graph-id="*"`) has the button only
   * with such a form that has a field `graphId`: it says which graph to run.
   */
  declare canStart: boolean;
  /**
   * Identifies the user, if several people use one browser in turn: tabs share connections to an `endpoint`
   * only with tabs of the same key. Changing the key starts afresh.
   */
  declare shareKey: string | undefined;
  /**
   * Returns the token to call the `endpoint` with; undefined: none. Called before every request, so it should remember
   * its token. With `isForced` the last token was refused, and it must get a new one.
   */
  declare getToken:
    | ((options: { readonly isForced: boolean }) => string | undefined | Promise<string | undefined>)
    | undefined;
  /** Sends the requests to the `endpoint`, for instance with more headers. Default: the global `fetch`. */
  declare fetch: typeof globalThis.fetch | undefined;
  /** Puts the number of sessions that need input in front of the page's title: “(2) My editor”. */
  declare titleCount: boolean;
  /** Shows a bell in the toolbar that turns desktop notifications on and off. */
  declare notifications: boolean;
  /**
   * All texts. Default: English.
   *
   * @default englishStrings
   */
  declare strings: PanelStrings;
  /** Returns the URL of a file on the server from its handle. */
  declare resolveHandle: ContentOptions['resolveHandle'];
  /**
   * URL at which the host serves `graph-sessions/html-frame.html`, so that HTML pages from a run keep their
   * styles under a strict Content-Security-Policy. Without it, they inherit the policy of the host.
   */
  declare frameUrl: ContentOptions['frameUrl'];
  /**
   * URL below which the panel loads the pictures, audio and video that a run names by their addresses. Without it
   * they are links: a request would carry the reader's cookies to any address that a run chooses. Files whose URL
   * comes from `resolveHandle` are loaded in any case.
   */
  declare fileUrlPrefix: ContentOptions['fileUrlPrefix'];
  /** The clock of all running times and countdowns. Default: the clock of this machine, corrected by the server's. */
  declare clock: Clock;
  /** Storage for the state of the view, such as the selected tab of a session. Default: the browser's local storage. */
  declare memory: PanelMemory;

  /** The values that the constructor has set. */
  readonly #defaults = new Map<PropertyKey, unknown>();

  constructor() {
    super();
    this.history = undefined;
    this.run = undefined;
    this.drafts = undefined;
    this.actions = undefined;
    this.graphId = undefined;
    this.endpoint = undefined;
    this.sessionId = undefined;
    this.view = undefined;
    this.nodeId = undefined;
    this.eventIndex = undefined;
    this.moment = undefined;
    this.linkTo = undefined;
    this.redact = undefined;
    this.canStart = false;
    this.shareKey = undefined;
    this.getToken = undefined;
    this.fetch = undefined;
    this.titleCount = false;
    this.notifications = false;
    // The same table as `englishStrings`: what is missing is there with the code that shows it.
    this.strings = firstEnglishStrings as PanelStrings;
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.clock = new Clock(() => this.clockOffsetMs());
    this.memory = browserMemory;
  }

  /** Returns how far this machine's clock is ahead of the server's, in milliseconds, for the default clock. */
  protected clockOffsetMs(): number {
    return 0;
  }

  /** Called by the setter of each property, after it has stored the value. */
  override requestUpdate(name?: PropertyKey, oldValue?: unknown, options?: PropertyDeclaration): void {
    if (name !== undefined) this.#keepDefault(name);
    super.requestUpdate(name, oldValue, options);
  }

  /** Replaces `undefined` and `null` by the value that the constructor has set. */
  #keepDefault(name: PropertyKey): void {
    const value: unknown = Reflect.get(this, name);
    if (!this.#defaults.has(name)) this.#defaults.set(name, value);
    const initial = this.#defaults.get(name);
    if ((value ?? undefined) === undefined && value !== initial) Reflect.set(this, name, initial);
  }
}
