import type { GraphNode } from '../../protocol/graph.js';
import { isFiniteNumber, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/values/json.js';

/** Reads a text from a node's configuration; undefined when it has none. */
export function textSetting(node: GraphNode, key: string): string | undefined {
  const value = setting(node, key);
  return typeof value === 'string' ? value : undefined;
}

/** Reads a number from a node's configuration, else the default. */
export function numberSetting(node: GraphNode, key: string, defaultValue: number): number {
  const value = setting(node, key);
  return isFiniteNumber(value) ? value : defaultValue;
}

/** True when a switch of a node's configuration is on. */
export function isSet(node: GraphNode, key: string): boolean {
  return setting(node, key) === true;
}

/** Reads an object from a node's configuration; undefined when it has none. */
export function objectSetting(node: GraphNode, key: string): JsonObject | undefined {
  const value = setting(node, key);
  return isJsonObject(value) ? value : undefined;
}

/** Reads any value from a node's configuration. */
export function setting(node: GraphNode, key: string): JsonValue | undefined {
  const { configuration = {} } = node;
  return Object.hasOwn(configuration, key) ? configuration[key] : undefined;
}

/** The type that a setting must have. `count`: a number of at least 0. */
export type SettingRule = 'text' | 'count' | 'switch' | 'object' | readonly string[];

/**
 * Creates the `check` of a handler: settings that are present must have their type, and those in `required`
 * must be present.
 */
export function settingsCheck(
  rules: Readonly<Record<string, SettingRule>>,
  required: readonly string[] = [],
): (node: GraphNode) => string | undefined {
  return (node) => {
    const missing = required.find((key) => setting(node, key) === undefined || setting(node, key) === '');
    if (missing !== undefined) return `its configuration needs “${missing}”`;
    for (const [key, rule] of Object.entries(rules)) {
      const value = setting(node, key);
      if (value !== undefined && !follows(value, rule)) return `“${key}” must be ${describeRule(rule)}`;
    }
    return undefined;
  };
}

function follows(value: JsonValue, rule: SettingRule): boolean {
  switch (rule) {
    case 'text':
      return typeof value === 'string';
    case 'count':
      return isFiniteNumber(value) && value >= 0;
    case 'switch':
      return typeof value === 'boolean';
    case 'object':
      return isJsonObject(value);
    default:
      return typeof value === 'string' && rule.includes(value);
  }
}

function describeRule(rule: SettingRule): string {
  switch (rule) {
    case 'text':
      return 'a text';
    case 'count':
      return 'a number of at least 0';
    case 'switch':
      return 'true or false';
    case 'object':
      return 'an object';
    default:
      return `one of ${rule.join(', ')}`;
  }
}
