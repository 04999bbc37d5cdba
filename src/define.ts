/**
 * Registers the elements: the only module of the package whose import changes the page. In an
 * environment without custom elements (a server) it does nothing. The panel and its list are registered at once; the
 * elements of an opened session, when their code is loaded.
 */
import { createSessionsOnDemand } from './actions/create-sessions-on-demand.js';
import type { Sessions } from './actions/create-sessions.js';
import { loadTools } from './actions/reading/reading-tools.js';
import { memoryDraftStore } from './controller/draft-store.js';
import type { FileRows } from './elements/files/file-rows.js';
import type { OpenedFile } from './elements/files/opened-files.js';
import type { ContentParts } from './elements/content/content-parts.js';
import type { FormattedText } from './elements/content/formatted-text.js';
import type { HtmlFrame } from './elements/content/page/html-frame.js';
import type { JsonTree } from './elements/content/json-tree.js';
import type { OutputBlock } from './elements/content/output/output-block.js';
import type { CopyButton } from './elements/base/copy-button.js';
import { PanelMenu } from './elements/base/menu/menu.js';
import type { SessionActivity } from './elements/session/activity/session-activity.js';
import type { SessionEvents } from './elements/session/events/session-events.js';
import type { SessionsInbox } from './elements/inbox/sessions-inbox.js';
import type { SelectionBar } from './elements/list/selection-bar.js';
import { SessionList } from './elements/list/session-list.js';
import type { SessionNode } from './elements/session/activity/session-node.js';
import type { SessionQuestion } from './elements/question/session-question.js';
import type { SessionPlayhead } from './elements/session/timeline/session-playhead.js';
import type { PastQuestions } from './elements/session/player/past-questions.js';
import type { SessionScrubber } from './elements/session/player/session-scrubber.js';
import type { SessionTimeline } from './elements/session/timeline/session-timeline.js';
import type { SessionView } from './elements/session/session-view.js';
import { SessionsPanel } from './elements/panel/sessions-panel.js';
import { inboxPart } from './elements/inbox/inbox-part.js';
import { panelParts } from './elements/panel/panel-parts.js';
import { explainFirstConnection } from './elements/panel/first-connection.js';
import { loadParts } from './elements/parts/fetch-ahead.js';
import { LazyPart, type PartModule } from './elements/parts/lazy-part.js';
import { registerElements } from './elements/parts/register-elements.js';
import { loadOnce } from './loading/load-once.js';
import { onDemand } from './loading/on-demand.js';
import { GraphRunError } from './protocol/problems.js';
import type * as FileService from './service/file/open-session-file.js';
import { HttpGraphRunService } from './service/http/http-graph-run-service.js';
import { loadSessionStream } from './service/http/session-connection.js';
import { shareAcrossTabs } from './service/tabs/share-across-tabs.js';

// The types of this entry have the events of the panel, and `HTMLElementEventMap` has them.
export type * from './elements/panel/host-events.js';

/**
 * The panel that can create its own sessions from its `endpoint`. All tabs that show the same endpoint with
 * the same `share-key` share its connections.
 */
class SessionsPanelWithEndpoint extends SessionsPanel {
  protected override createSessions(endpoint: string, shareKey: string): Sessions {
    const baseUrl = new URL(endpoint, document.baseURI).href;
    const name = `${shareKey}@${baseUrl}`;
    const service = new HttpGraphRunService({
      baseUrl,
      // Read at each request: a page may set them after its panel has connected.
      ...(this.getToken === undefined ? {} : { getToken: (options) => this.getToken?.(options) }),
      fetch: (input, init) => {
        const send = this.fetch ?? globalThis.fetch;
        return send(input, init);
      },
    });
    const sessions = createSessionsOnDemand(shareAcrossTabs(service, { name }), SESSION_TOOLS);
    explainFirstConnection(sessions.history, baseUrl);
    return sessions;
  }

  /** @internal */
  override get inboxPart(): LazyPart {
    return OWN_INBOX_PART;
  }

  protected override get parts(): readonly LazyPart[] {
    return [CLIENT_PART, ...super.parts];
  }

  protected override get openFile(): typeof openFile {
    return openFile;
  }
}

/** What the actions need for an opened session. */
const SESSION_TOOLS = onDemand(loadOnce(() => import('./actions/session-tools.js')));

/** What the client and the actions need for an opened session. */
const CLIENT_PART = new LazyPart(async () => {
  await Promise.all([loadSessionStream(), SESSION_TOOLS.load()]);
  return {};
});

/** The inbox of the sessions that the panel creates. */
const OWN_INBOX_PART = inboxPart(async () => {
  await loadTools(SESSION_TOOLS);
  return {};
});

/** The service for session files, which most pages never need. */
const FILE_SERVICE = new LazyPart<PartModule & typeof FileService>(
  () => import('./service/file/open-session-file.js'),
);

async function openFile(blob: Blob, options: { readonly signal: AbortSignal }): Promise<OpenedFile> {
  const module = (await FILE_SERVICE.load()) ? FILE_SERVICE.module : undefined;
  if (module === undefined)
    throw new GraphRunError('network', 'The code for session files could not be loaded.');
  const service = await module.openSessionFile(blob, options);
  const { file } = service;
  const sessions = createSessionsOnDemand(service, SESSION_TOOLS, { drafts: memoryDraftStore() });
  sessions.actions.monitor(file.header.graphId ?? '');
  sessions.actions.connect(file.header.session.sessionId);
  return { file, sessions };
}

/**
 * Loads everything that the panel otherwise loads when it is shown, or when the page is idle. Resolves with whether all of
 * it is there; never rejects.
 */
export function loadAll(): Promise<boolean> {
  return loadParts([CLIENT_PART, ...panelParts(OWN_INBOX_PART), FILE_SERVICE]);
}

declare global {
  interface HTMLElementTagNameMap {
    'sessions-panel': SessionsPanel;
    'sessions-panel-list': SessionList;
    'sessions-panel-selection': SelectionBar;
    'sessions-panel-menu': PanelMenu;
    'sessions-panel-view': SessionView;
    'sessions-panel-inbox': SessionsInbox;
    'sessions-panel-files': FileRows;
    'sessions-panel-node': SessionNode;
    'sessions-panel-activity': SessionActivity;
    'sessions-panel-timeline': SessionTimeline;
    'sessions-panel-playhead': SessionPlayhead;
    'sessions-panel-scrubber': SessionScrubber;
    'sessions-panel-past-questions': PastQuestions;
    'sessions-panel-events': SessionEvents;
    'sessions-panel-question': SessionQuestion;
    'sessions-panel-copy': CopyButton;
    'sessions-panel-output': OutputBlock;
    'sessions-panel-text': FormattedText;
    'sessions-panel-parts': ContentParts;
    'sessions-panel-page': HtmlFrame;
    'sessions-panel-json': JsonTree;
  }
}

registerElements({
  'sessions-panel-menu': PanelMenu,
  'sessions-panel-list': SessionList,
  'sessions-panel': SessionsPanelWithEndpoint,
});
