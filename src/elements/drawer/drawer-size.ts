/** Where a drawer stands: docked at an edge of the page's layout, or over the page in its corner. */
export type DrawerPosition = 'bottom' | 'right' | 'floating';

/** A side of a drawer that a person can change. */
export type DrawerSide = 'height' | 'width';

/** The sides of a position that can be changed. */
export const SIDES: Readonly<Record<DrawerPosition, readonly DrawerSide[]>> = {
  bottom: ['height'],
  right: ['width'],
  floating: ['height', 'width'],
};

/** The least sizes, in pixels: that in which the panel still works. */
const MIN: Readonly<Record<DrawerSide, number>> = { height: 180, width: 300 };

/** What stays visible of the page next to a drawer, in pixels. */
const LEFT_OVER: Readonly<Record<DrawerPosition, Readonly<Record<DrawerSide, number>>>> = {
  bottom: { height: 130, width: 0 },
  right: { height: 0, width: 240 },
  floating: { height: 64, width: 32 },
};

/** The size of the window, in pixels. */
export type WindowSize = Readonly<Record<DrawerSide, number>>;

/** Returns true for the name of a position. */
export function isDrawerPosition(name: string | null | undefined): name is DrawerPosition {
  return name === 'bottom' || name === 'right' || name === 'floating';
}

/** Returns the least and the greatest size of a side, in pixels. */
export function limitsOf(
  position: DrawerPosition,
  side: DrawerSide,
  window: WindowSize,
): { readonly min: number; readonly max: number } {
  const min = MIN[side];
  return { min, max: Math.max(min, window[side] - LEFT_OVER[position][side]) };
}

/** Returns the size of a drawer before it is resized: about half of the screen, and more on a phone. */
export function initialSize(position: DrawerPosition, side: DrawerSide, window: WindowSize): number {
  const isPhone = window.width < 600;
  if (side === 'width')
    return position === 'floating' ? Math.min(760, window.width * 0.9) : window.width * 0.38;
  return window.height * (isPhone || position === 'floating' ? 0.62 : 0.54);
}

/** Returns a wanted size within its limits, in whole pixels. */
export function clampSize(
  wanted: number,
  position: DrawerPosition,
  side: DrawerSide,
  window: WindowSize,
): number {
  const { min, max } = limitsOf(position, side, window);
  return Math.round(Math.min(Math.max(wanted, min), max));
}
