/**
 * Registers the elements: the only module of the package whose import changes the page. In an
 * environment without custom elements (a server) it does nothing.
 */
import { createSessions, type Sessions } from './actions/create-sessions.js';
import { ContentParts } from './elements/content/content-parts.js';
import { FormattedText } from './elements/content/formatted-text.js';
import { HtmlFrame } from './elements/content/html-frame.js';
import { JsonTree } from './elements/content/json-tree.js';
import { OutputBlock } from './elements/content/output/output-block.js';
import { CopyButton } from './elements/base/copy-button.js';
import { PanelMenu } from './elements/base/menu.js';
import { SessionActivity } from './elements/session/activity/session-activity.js';
import { SessionEvents } from './elements/session/events/session-events.js';
import { SessionsInbox } from './elements/inbox/sessions-inbox.js';
import { SessionList } from './elements/list/session-list.js';
import { SessionNode } from './elements/session/activity/session-node.js';
import { SessionQuestion } from './elements/question/session-question.js';
import { SessionTimeline } from './elements/session/timeline/session-timeline.js';
import { SessionView } from './elements/session/session-view.js';
import { SessionsPanel } from './elements/panel/sessions-panel.js';
import { explainFirstConnection } from './elements/panel/first-connection.js';
import { HttpGraphRunService } from './service/http/http-graph-run-service.js';
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
    const sessions = createSessions(shareAcrossTabs(service, { name }));
    explainFirstConnection(sessions.history, baseUrl);
    return sessions;
  }
}

const ELEMENTS = {
  'sessions-panel-copy': CopyButton,
  'sessions-panel-output': OutputBlock,
  'sessions-panel-text': FormattedText,
  'sessions-panel-parts': ContentParts,
  'sessions-panel-page': HtmlFrame,
  'sessions-panel-json': JsonTree,
  'sessions-panel-question': SessionQuestion,
  'sessions-panel-node': SessionNode,
  'sessions-panel-activity': SessionActivity,
  'sessions-panel-timeline': SessionTimeline,
  'sessions-panel-events': SessionEvents,
  'sessions-panel-menu': PanelMenu,
  'sessions-panel-list': SessionList,
  'sessions-panel-view': SessionView,
  'sessions-panel-inbox': SessionsInbox,
  'sessions-panel': SessionsPanelWithEndpoint,
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'sessions-panel': SessionsPanel;
    'sessions-panel-list': SessionList;
    'sessions-panel-menu': PanelMenu;
    'sessions-panel-view': SessionView;
    'sessions-panel-inbox': SessionsInbox;
    'sessions-panel-node': SessionNode;
    'sessions-panel-activity': SessionActivity;
    'sessions-panel-timeline': SessionTimeline;
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

/** Registers an element; if the name is taken by another class, logs a warning instead. */
function define(tag: string, element: CustomElementConstructor): void {
  const present = customElements.get(tag);
  if (present === undefined) customElements.define(tag, element);
  else if (present !== element) {
    // oxlint-disable-next-line no-console -- a second copy of the package should be noticed, but must not break the page
    console.warn(`graph-sessions: <${tag}> is already defined; this copy is not used.`);
  }
}

if (globalThis.customElements !== undefined) {
  for (const [tag, element] of Object.entries(ELEMENTS)) define(tag, element);
}
