import type { LLMContent } from '../../protocol/content.js';
import type { ResolvedBy } from '../../protocol/events.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import type { JsonObject, JsonValue } from '../../protocol/values/json.js';

/** Content that a subagent has shown while its call ran. */
export interface CallContent {
  readonly title?: string;
  readonly content: LLMContent;
}

/** An entry in the activity of a node, as shown to people. `index` is the log position of its first event. */
export type ActivityEntry =
  | { readonly kind: 'thought'; readonly index: number; readonly text: string }
  | {
      readonly kind: 'call';
      readonly index: number;
      readonly callId: string;
      readonly title: string;
      readonly args: JsonValue;
      /** Progress, as the function words it; absent if it reports none. */
      readonly progress?: string;
      /** Present once the function has returned. */
      readonly result?: JsonValue;
      /** What a subagent that the function runs has shown, oldest first. */
      readonly contents?: readonly CallContent[];
    }
  /** Streamed content; consecutive pieces are joined. */
  | { readonly kind: 'content'; readonly index: number; readonly content: LLMContent }
  | {
      readonly kind: 'answer';
      readonly index: number;
      readonly question: Interaction;
      /** As text: `answerText(question, response, words)`. */
      readonly response: JsonObject;
      readonly by: ResolvedBy;
      /** When it was given, in milliseconds since 1970; absent from a log without times. */
      readonly ts?: number;
      /** The name of who answered, where the server gives one. */
      readonly answeredBy?: string;
    }
  /** The questions of the node that were open when the session ended, oldest first. */
  | { readonly kind: 'unanswered'; readonly index: number; readonly questions: readonly Interaction[] }
  | { readonly kind: 'error'; readonly index: number; readonly message: string }
  /** Any other report of a node. */
  | { readonly kind: 'other'; readonly index: number; readonly name: string; readonly payload: JsonValue };

/** The activity of a node. Beyond the limit the oldest entries are dropped and counted. */
export interface NodeActivity {
  readonly entries: readonly ActivityEntry[];
  readonly omitted: number;
}
