import type { TemplateResult } from 'lit';
import type { SessionOrder } from '../../controller/session-order.js';
import { sinceStart, type SinceFilter } from '../../controller/since-filter.js';
import { renderMenuButton } from '../base/menu/menu-button.js';
import type { MenuEntry } from '../base/menu/menu.js';
import type { FirstStrings } from '../strings/first-english.js';
import { timeLocale } from '../strings/time-format.js';

/** Props of the menu for time and order. */
export interface TimeMenuView {
  readonly since: SinceFilter | undefined;
  readonly order: SessionOrder;
  readonly isOpen: boolean;
  readonly strings: FirstStrings;
  readonly onSince: (since: SinceFilter | undefined) => void;
  /** Asks for a date. */
  readonly onDate: () => void;
  readonly onOrder: (order: SessionOrder) => void;
  readonly onToggle: (isOpen: boolean) => void;
}

const NAMED: readonly SinceFilter[] = ['today', '7-days', '30-days'];
const ORDERS: readonly SessionOrder[] = ['newest', 'longest', 'costliest'];

/** Renders the menu that chooses which time the list shows, and its order; the button names a time that is chosen. */
export function renderTimeMenu(view: TimeMenuView): TemplateResult {
  const { since, order, isOpen, strings, onSince, onDate, onOrder, onToggle } = view;
  const isDate = since !== undefined && !NAMED.includes(since);
  const entries: readonly MenuEntry[] = [
    { text: strings.sinceAny, isChosen: since === undefined, onChoose: () => onSince(undefined) },
    ...NAMED.map((name) => ({
      text: sinceText(name, strings),
      isChosen: name === since,
      onChoose: () => onSince(name),
    })),
    { text: isDate ? sinceText(since, strings) : strings.sinceChoose, isChosen: isDate, onChoose: onDate },
    ...ORDERS.map((name) => ({
      text: orderText(name, strings),
      isChosen: name === order,
      isGroupStart: name === ORDERS[0],
      onChoose: () => onOrder(name),
    })),
  ];
  return renderMenuButton({
    label: since === undefined ? strings.timeAndOrder : sinceText(since, strings),
    hasText: since !== undefined,
    symbol: 'sliders',
    isOpen,
    entries,
    onToggle,
  });
}

/** An order, as the menu and the list name it. */
export function orderText(order: SessionOrder, strings: FirstStrings): string {
  switch (order) {
    case 'newest':
      return strings.orderNewest;
    case 'longest':
      return strings.orderLongest;
    case 'costliest':
      return strings.orderCostliest;
  }
}

/** The name of a list in an order. */
export function listLabel(order: SessionOrder, strings: FirstStrings): string {
  switch (order) {
    case 'newest':
      return strings.listLabel;
    case 'longest':
      return strings.listLabelLongest;
    case 'costliest':
      return strings.listLabelCostliest;
  }
}

function sinceText(since: SinceFilter, strings: FirstStrings): string {
  if (since === 'today') return strings.sinceToday;
  if (since === '7-days') return strings.sinceDays(7);
  if (since === '30-days') return strings.sinceDays(30);
  const start = new Date((sinceStart(since, 0) ?? 0) * 1000);
  return strings.sinceDate(start.toLocaleDateString(timeLocale(strings.locale), { dateStyle: 'medium' }));
}
