/**
 * What frameworks and editors know about the elements, made from their manifest: a component of React, types for JSX and
 * for Vue, and descriptions for the editors of JetBrains and for VS Code.
 *
 * @typedef {{name: string, description?: string, default?: string, type?: {text: string}, kind?: string,
 *   privacy?: string, static?: boolean, readonly?: boolean, fieldName?: string}} Member
 * @typedef {{name: string, tagName?: string, description?: string, members?: Member[], attributes?: Member[],
 *   events?: Member[], slots?: Member[], cssProperties?: Member[], cssParts?: Member[]}} Declaration
 * @typedef {{modules: {declarations: Declaration[]}[]}} Manifest
 */

const TAG = 'sessions-panel';
const DRAWER = 'sessions-drawer';

/**
 * Makes the text of each file, by its name in dist.
 *
 * @param {Manifest} manifest
 * @param {string} version of the package
 * @returns {Record<string, string>}
 */
export function frameworkFiles({ modules }, version) {
  const find = (/** @type {string} */ tag) => {
    const found = modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === tag);
    if (found === undefined) throw new Error(`The manifest has no <${tag}>.`);
    return found;
  };
  const panel = find(TAG);
  const drawer = find(DRAWER);
  return {
    'react.js': reactComponent(panel, [
      "import './define.js';",
      "import { SessionsPanel as SessionsPanelElement } from './elements/panel/sessions-panel.js';",
    ]),
    'react.d.ts': reactTypes(panel),
    // An entry of its own, because most pages have a place for the panel.
    'react-drawer.js': reactComponent(drawer, [
      "import { SessionsDrawer as SessionsDrawerElement } from './drawer.js';",
    ]),
    'react-drawer.d.ts': reactDrawerTypes(),
    'jsx.js': 'export {};\n',
    'jsx.d.ts': jsxTypes(panel, drawer),
    'vue.js': 'export {};\n',
    'vue.d.ts': vueTypes(panel, drawer),
    'web-types.json': json(webTypes([panel, drawer], version)),
    'vscode.html-custom-data.json': json(customData([panel, drawer])),
  };
}

/**
 * @param {Declaration} element
 * @param {readonly string[]} imports those that register it, and give its class as `<name>Element`
 */
function reactComponent({ name: component, tagName, events = [] }, imports) {
  return `'use client';
import { createComponent } from '@lit/react';
import React from 'react';
${imports.join('\n')}

export const ${component} = createComponent({
  react: React,
  tagName: '${tagName}',
  elementClass: ${component}Element,
  displayName: '${component}',
  events: {
${events.map(({ name }) => `    ${handlerName(name)}: '${name}',\n`).join('')}  },
});
`;
}

/** @param {Declaration} panel */
function reactTypes({ events = [] }) {
  return `${imports(events)}import type { EventName, ReactWebComponent } from '@lit/react';
import type { ComponentProps } from 'react';
import './define.js';

/** The events of the panel, by the properties of the component. */
export type SessionsPanelHandlers = {
${events.map((event) => `${comment(event)}  ${handlerName(event.name)}: EventName<${event.type?.text}>;\n`).join('')}};

/**
 * \`<${TAG}>\` in React 18 and 19: its properties by their names (\`graphId\`, \`history\`, …), its events as
 * \`onSessionConnect\` and so on; a \`ref\` gives the element. Importing it registers the elements. On a server it
 * renders the empty element, which fills its place after hydration.
 */
export declare const SessionsPanel: ReactWebComponent<SessionsPanelElement, SessionsPanelHandlers>;

/** The properties of the component. */
export type SessionsPanelProps = ComponentProps<typeof SessionsPanel>;
`.replace('import type { SessionsPanel } from', 'import type { SessionsPanel as SessionsPanelElement } from');
}

function reactDrawerTypes() {
  return `/** Made from custom-elements.json by the build. */
import type { EventName, ReactWebComponent } from '@lit/react';
import type { ComponentProps } from 'react';
import type { SessionsDrawer as SessionsDrawerElement } from './drawer.js';

/** The events of the drawer, by the properties of the component. */
export type SessionsDrawerHandlers = {
  /** A person has opened or closed it. */
  onDrawerToggle: EventName<Event>;
};

/**
 * \`<${DRAWER}>\` in React 18 and 19, around the component of \`graph-sessions/react\`: its properties by their names, its event
 * as \`onDrawerToggle\`; a \`ref\` gives the element. Importing it registers the element.
 */
export declare const SessionsDrawer: ReactWebComponent<SessionsDrawerElement, SessionsDrawerHandlers>;

/** The properties of the component. */
export type SessionsDrawerProps = ComponentProps<typeof SessionsDrawer>;
`;
}

/** `session-connect`: `onSessionConnect`. @param {string} event */
function handlerName(event) {
  return `on-${event}`.replaceAll(/-(.)/g, (_dash, letter) => letter.toUpperCase());
}

/** @param {Declaration} panel @param {Declaration} drawer */
function jsxTypes(panel, drawer) {
  const { attributes = [], events = [] } = panel;
  const spelled = attributes.filter(({ name, fieldName }) => name !== fieldName);
  return `${imports(events)}import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { SessionsDrawer } from './drawer.js';

${propertyTypes(panel, 'SessionsPanel')}
${propertyTypes(drawer, 'SessionsDrawer')}
/**
 * The properties of \`<${TAG}>\` in JSX where elements get properties and events of any name, as in React 19 and Preact.
 * React 18 sets only attributes: use \`graph-sessions/react\` there.
 */
export interface SessionsPanelJsx extends SessionsPanelProperties {
${spelled.map((member) => `${comment(member)}  '${member.name}'?: ${attributeType(member)};\n`).join('')}${events
    .map(
      (event) =>
        `${comment(event)}  'on${event.name}'?: ((event: ${event.type?.text}) => void) | undefined;\n`,
    )
    .join('')}}

/** The elements of the package for the JSX of any library: its \`IntrinsicElements\` can extend this. */
export interface SessionsPanelElements {
  '${TAG}': SessionsPanelJsx;
  '${DRAWER}': SessionsDrawerJsx;
}

/** The properties of \`<${DRAWER}>\` in JSX. */
export interface SessionsDrawerJsx extends SessionsDrawerProperties {
  /** A person has opened or closed it. */
  'ondrawer-toggle'?: ((event: Event) => void) | undefined;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      '${TAG}': SessionsPanelJsx & DetailedHTMLProps<HTMLAttributes<SessionsPanel>, SessionsPanel>;
      '${DRAWER}': SessionsDrawerJsx & DetailedHTMLProps<HTMLAttributes<SessionsDrawer>, SessionsDrawer>;
    }
  }
}
`;
}

/** @param {Declaration} panel @param {Declaration} drawer */
function vueTypes(panel, drawer) {
  const { events = [] } = panel;
  return `${imports(events)}import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { SessionsDrawer } from './drawer.js';

${propertyTypes(panel, 'SessionsPanel')}
${propertyTypes(drawer, 'SessionsDrawer')}
/** The events of \`<${TAG}>\`. */
export interface SessionsPanelEvents {
${events.map((event) => `${comment(event)}  '${event.name}': ${event.type?.text};\n`).join('')}}

/** \`<${TAG}>\` in a template of Vue. */
export type SessionsPanelComponent = new () => SessionsPanel & {
  /** @deprecated Only for the check of templates. */
  $props: HTMLAttributes & SessionsPanelProperties & PublicProps;
  /** @deprecated Only for the check of templates. */
  $emit: EmitFn<{ [Name in keyof SessionsPanelEvents]: (event: SessionsPanelEvents[Name]) => void }>;
};

/** \`<${DRAWER}>\` in a template of Vue. */
export type SessionsDrawerComponent = new () => SessionsDrawer & {
  /** @deprecated Only for the check of templates. */
  $props: HTMLAttributes & SessionsDrawerProperties & PublicProps;
  /** @deprecated Only for the check of templates. */
  $emit: EmitFn<{ 'drawer-toggle': (event: Event) => void }>;
};

declare module 'vue' {
  interface GlobalComponents {
    '${TAG}': SessionsPanelComponent;
    '${DRAWER}': SessionsDrawerComponent;
  }
}
`;
}

/**
 * The properties that a host may set; `undefined` restores a default.
 *
 * @param {Declaration} element
 * @param {string} type of the element
 */
function propertyTypes(element, type) {
  return `/** The properties of \`<${element.tagName}>\`; \`undefined\` restores the default. */
export type ${type}Properties = {
  [Name in ${union(properties(element))}]?: ${type}[Name] | undefined;
};
`;
}

/** @param {Member[]} events */
function imports(events) {
  return `/** Made from custom-elements.json by the build. */
import type { ${events.map(({ type }) => type?.text).join(', ')} } from './elements/panel/host-events.js';
import type { SessionsPanel } from './elements/panel/sessions-panel.js';
`;
}

/** The properties that a host may set. @param {Declaration} panel */
function properties({ members = [] }) {
  return members
    .filter((member) => member.kind === 'field' && (member.privacy ?? 'public') === 'public')
    .filter((member) => member.static !== true && member.readonly !== true)
    .map(({ name }) => name);
}

/** @param {readonly string[]} names */
function union(names) {
  return names.map((name) => `'${name}'`).join(' | ');
}

/** @param {Member} member */
function attributeType(member) {
  return isBoolean(member) ? 'boolean | undefined' : 'string | undefined';
}

/** @param {Member} member */
function isBoolean({ type }) {
  return type?.text === 'boolean';
}

/** @param {Member} member */
function comment({ description = '' }) {
  return `  /** ${description.replaceAll('\n', '\n   * ')} */\n`;
}

/**
 * @param {readonly Declaration[]} elements
 * @param {string} version
 */
function webTypes(elements, version) {
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: 'graph-sessions',
    version,
    'description-markup': 'markdown',
    contributions: {
      html: { elements: elements.map(webTypesElement) },
      css: {
        properties: elements.flatMap(({ cssProperties = [] }) => cssProperties).map(named),
        parts: elements.flatMap(({ cssParts = [] }) => cssParts).map(named),
      },
    },
  };
}

/** @param {Declaration} element */
function webTypesElement(element) {
  const { tagName, description, attributes = [], events = [], slots = [], members = [] } = element;
  const writable = new Set(properties(element));
  return {
    name: tagName,
    description,
    attributes: attributes.map((member) => ({
      ...named(member),
      value: isBoolean(member) ? { kind: 'no-value', type: 'boolean' } : { type: 'string' },
    })),
    slots: slots.map(named),
    js: {
      properties: members
        .filter(({ name }) => writable.has(name))
        .map((member) => ({ ...named(member), type: member.type?.text })),
      events: events.map((event) => ({ ...named(event), type: event.type?.text })),
    },
  };
}

/** @param {Member} member */
function named({ name, description }) {
  return { name, description };
}

/** @param {readonly Declaration[]} elements */
function customData(elements) {
  return {
    version: 1.1,
    tags: elements.map(({ tagName, description, attributes = [] }) => ({
      name: tagName,
      description,
      attributes: attributes.map((member) => ({
        name: member.name,
        description: member.description,
        // The value set of attributes without a value.
        ...(isBoolean(member) ? { valueSet: 'v' } : {}),
      })),
    })),
  };
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
