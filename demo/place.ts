import { noChange } from 'lit';
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

/** Properties that are set on the element's style; numbers are pixels. */
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
 * Puts an element in its place: `<div ${place({left: 10})}>`. Through the object model, because a style
 * attribute would be refused by a strict content security policy (and `styleMap` writes one).
 */
export const place = directive(PlaceDirective);
