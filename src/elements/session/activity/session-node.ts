import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { NodeRun } from '../../../controller/run-controller.js';
import { Clock } from '../../base/clock.js';
import { contentStyles } from '../../content/content.styles.js';
import type { ContentOptions } from '../../content/text-view.js';
import { statusIcon } from '../../theme/icons.js';
import { renderFinishedActivity, renderLiveActivity, SHOWN_ENTRIES, type NodeBodyView } from './node-body.js';
import { RunElement } from '../run-element.js';
import { nodeStyles } from './session-node.styles.js';
import { isReplaying } from '../watched-session.js';
import { nodeStatusWord } from '../../strings/session-text.js';
import { untracked } from '../../base/signal-element.js';
import { statusStyles } from '../../theme/status.styles.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { duration, shortDuration } from '../../strings/time-format.js';

/** Entries drawn while the past passes by faster than anybody reads. */
const REPLAYED_ENTRIES = 8;

/**
 * What one node of the watched session does and did. An element of its own, so that what streams from
 * one node renders that node alone. Part of `<sessions-panel>`.
 *
 * @csspart node-title - The title of the node.
 * @csspart node-time - How long it took, or has waited.
 * @csspart output - What came of it.
 * @csspart content - One piece of content.
 * @csspart answer - What a person answered.
 * @csspart error - Why it failed.
 */
export class SessionNode extends RunElement {
  static override styles = [...theme, statusStyles, contentStyles, nodeStyles];
  static override properties = {
    run: { attribute: false },
    nodeId: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    shownEntries: { state: true },
    unfolded: { state: true },
  };

  declare nodeId: string;
  declare strings: PanelStrings;
  declare clock: Clock;
  declare resolveHandle: ContentOptions['resolveHandle'];
  declare frameUrl: ContentOptions['frameUrl'];
  /** @internal How many entries are drawn at most. */
  declare shownEntries: number;
  /** @internal What a person has unfolded. */
  declare unfolded: ReadonlySet<string>;

  constructor() {
    super();
    this.run = undefined;
    this.nodeId = '';
    this.strings = englishStrings;
    this.clock = new Clock();
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.shownEntries = SHOWN_ENTRIES;
    this.unfolded = new Set();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock.read(this, undefined);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
  }

  protected override updated(): void {
    const status = this.run?.getNode(this.nodeId)?.status;
    const isCounting = status === 'running' || status === 'suspended';
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    const node = this.run?.getNode(this.nodeId);
    if (node === undefined) return nothing;
    const { strings } = this;
    const name = strings.timelineRow(node.title, [nodeStatusWord(node.status, strings)]);
    return html`<div class="head">
        ${statusIcon(node.status)}
        <h4 part="node-title" dir="auto" aria-label=${name} title=${node.title}>${node.title}</h4>
        ${node.attempt > 1 ? html`<span class="attempt">${strings.attempt(node.attempt)}</span>` : nothing}
        <span class="time" part="node-time">${this.#time(node)}</span>
      </div>
      <div class="body">${this.#renderBody(node)}</div>`;
  }

  #renderBody(node: NodeRun): TemplateResult {
    const { strings, resolveHandle } = this;
    const isPassing = this.run !== undefined && isReplaying(this.run);
    const options: NodeBodyView = {
      strings,
      resolveHandle,
      frameUrl: this.frameUrl,
      nodeTitle: node.title,
      shownEntries: isPassing ? Math.min(REPLAYED_ENTRIES, this.shownEntries) : this.shownEntries,
      onEarlier: this.#onEarlier,
      isUnfolded: (key) => this.unfolded.has(key),
      onFold: this.#onFold,
    };
    switch (node.status) {
      case 'skipped':
        return html`<p class="quiet">${this.#skipReason(node)}</p>`;
      case 'running':
      case 'suspended':
        return renderLiveActivity(node, options);
      default:
        return renderFinishedActivity(node, options);
    }
  }

  readonly #onEarlier = (): void => {
    this.shownEntries += 4 * SHOWN_ENTRIES;
  };

  readonly #onFold = (key: string, isUnfolded: boolean): void => {
    if (this.unfolded.has(key) === isUnfolded) return;
    const unfolded = new Set(this.unfolded);
    if (isUnfolded) unfolded.add(key);
    else unfolded.delete(key);
    this.unfolded = unfolded;
  };

  #skipReason({ causedBy }: NodeRun): string {
    if (causedBy === undefined || causedBy === '') return this.strings.skippedAlone;
    return this.strings.skippedBecause(this.run?.getNode(causedBy)?.title ?? causedBy);
  }

  #time(node: NodeRun): string {
    const { startedTs, endedTs, status } = node;
    const now = this.clock.now();
    if (status === 'suspended') {
      const since = this.#askedTs(node.nodeId);
      return since === undefined
        ? this.strings.statusSuspended
        : this.strings.waitingFor(duration(now - since, this.strings));
    }
    if (startedTs === undefined) return '';
    // In a replay “running” is of the past, and the time since then says nothing.
    if (status === 'running' && this.run !== undefined && isReplaying(this.run)) return '';
    if (status === 'running') return duration(now - startedTs, this.strings);
    return endedTs === undefined ? '' : shortDuration(endedTs - startedTs, this.strings);
  }

  /** When the oldest open question of the node was asked, where the events say it. */
  #askedTs(nodeId: string): number | undefined {
    const { run } = this;
    const question = run?.interactions.find((interaction) => interaction.nodeId === nodeId);
    if (run === undefined || question === undefined) return undefined;
    // The event is in the log already and never changes; the log's length must not be depended on.
    const event = untracked(() => run.events.at(question.index - run.events.dropped));
    return event?.index === question.index ? event.ts : undefined;
  }
}
