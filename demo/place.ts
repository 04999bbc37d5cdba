import { noChange } from 'lit';
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

/** Properties of the element's style; numbers are pixels. */
export type Placement = Readonly<Partial<Record<'left' | 'top' | 'width' | 'height' | 'scale', number>>>;

class PlaceDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('place() goes on the element itself.');
  }

  render(_placement: Placement): unknown {
    return noChange;
  }

  override update(part: ElementPart, [placement]: [Placement]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(placement)) {
      style.setProperty(name, name === 'scale' ? String(value) : `${value}px`);
    }
    return noChange;
  }
}

/**
 * Positions an element: `<div ${place({left: 10})}>`. Uses the object model, because a strict content security
 * policy blocks style attributes (and `styleMap` writes one).
 */
export const place = directive(PlaceDirective);
