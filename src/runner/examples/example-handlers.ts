import type { NodeHandler } from '../node-handler.js';
import { askChoiceHandler, askConsentHandler, askTextHandler } from './ask-handlers.js';
import { generateHandler } from './generate-handler.js';
import { inputHandler } from './input-handler.js';
import { imageHandler, webpageHandler } from './media-handlers.js';
import { failHandler, flakyHandler, floodHandler, outputHandler, sleepHandler } from './plain-handlers.js';

/**
 * Handlers for demos and tests, by node type. They simulate a model, need no network, and give the same
 * outputs for the same inputs.
 */
export const exampleHandlers = {
  input: inputHandler,
  'ask-text': askTextHandler,
  'ask-choice': askChoiceHandler,
  'ask-consent': askConsentHandler,
  generate: generateHandler,
  image: imageHandler,
  webpage: webpageHandler,
  output: outputHandler,
  sleep: sleepHandler,
  fail: failHandler,
  flaky: flakyHandler,
  flood: floodHandler,
} satisfies Readonly<Record<string, NodeHandler>>;
