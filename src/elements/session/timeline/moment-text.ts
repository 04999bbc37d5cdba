import { positionOf } from '../../../controller/run/event-search.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import type { GraphRunEvent } from '../../../protocol/events.js';
import { isJsonObject, type JsonObject } from '../../../protocol/values/json.js';
import { plainName } from '../../../protocol/values/plain-name.js';
import { untracked } from '../../base/signal-element.js';
import { duration } from '../../strings/duration.js';
import type { PanelStrings } from '../../strings/english.js';
import { plainLine } from '../../strings/plain-line.js';
import type { TimelineLayout } from './timeline-layout.js';

/** Longest name of a call or an event of an agent that is shown. */
const NAME_LENGTH = 40;

/** What happened last at the moment that is shown: “Poet started”; empty before the first event. */
export function happenedText(run: RunController, strings: PanelStrings): string {
  const { position, events } = run;
  const index = position ?? run.latest.lastIndex;
  const event = untracked(() => events.at(positionOf(events, index)));
  return event === undefined ? '' : eventText(event, run, strings);
}

/** “+42 s of 2 m 46 s”; without times, the index of the event. */
export function momentText(
  run: RunController,
  layout: TimelineLayout | undefined,
  strings: PanelStrings,
  atMs = run.positionTs,
): string {
  if (layout === undefined || atMs === undefined) return `#${run.position ?? run.latest.lastIndex}`;
  const { startMs, endMs } = layout;
  const after = atMs - startMs;
  return strings.momentOf(after < 1 ? '0' : duration(after, strings), duration(endMs - startMs, strings));
}

function eventText(event: GraphRunEvent, run: RunController, strings: PanelStrings): string {
  const { happened } = strings;
  switch (event.type) {
    case 'graphStart':
    case 'graphComplete':
    case 'graphError':
    case 'graphCancelled':
      return happened[event.type];
    case 'unknown':
      return shortName(event.wireType);
    case 'agentEvent': {
      const { nodeId } = event;
      return agentText(event.event, nameOf(nodeId, run, strings), () => isFirstEntry(nodeId, run), happened);
    }
    case 'thoughtEvent':
      return happened.thoughtEvent(nameOf(event.nodeId, run, strings));
    default:
      return nodeText(event, nameOf(event.nodeId, run, strings), happened);
  }
}

/** The title of a node; an event without one is of the run. */
function nameOf(nodeId: string | undefined, run: RunController, strings: PanelStrings): string {
  if (nodeId === undefined) return strings.timelineRun;
  return plainName(untracked(() => run.latest.nodes.get(nodeId)?.title) ?? '') || nodeId;
}

function nodeText(
  event: Extract<GraphRunEvent, { readonly nodeId: string }>,
  node: string,
  happened: PanelStrings['happened'],
): string {
  switch (event.type) {
    case 'nodeRetry':
      return happened.nodeRetry(node, event.attempt);
    case 'inputResolved':
      return event.by === 'expired' ? happened.inputExpired(node) : happened.inputResolved(node);
    default:
      return happened[event.type](node);
  }
}

function agentText(
  event: JsonObject,
  node: string,
  isFirst: () => boolean,
  happened: PanelStrings['happened'],
): string {
  const [name = '', payload] = Object.entries(event)[0] ?? [];
  switch (name) {
    case 'content':
      return isFirst() ? happened.firstWords(node) : happened.words(node);
    case 'functionCall': {
      const call = isJsonObject(payload) ? (payload['title'] ?? payload['name']) : undefined;
      return happened.call(node, typeof call === 'string' ? shortName(call) : name);
    }
    case 'functionResult':
      return happened.result(node);
    default:
      return happened.other(node, shortName(name));
  }
}

/** True while the node has only one piece of text at the moment that is shown. */
function isFirstEntry(nodeId: string | undefined, run: RunController): boolean {
  const index = run.position ?? run.latest.lastIndex;
  const activity = untracked(() => (nodeId === undefined ? run.activity : run.getNode(nodeId)));
  const texts = activity?.entries.filter(({ kind }) => kind === 'content') ?? [];
  return texts.length === 1 && texts[0]?.index === index;
}

function shortName(name: string): string {
  const line = plainLine(name);
  return line.length <= NAME_LENGTH ? line : `${line.slice(0, NAME_LENGTH - 1)}…`;
}
