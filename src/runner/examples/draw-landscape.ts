import { hashText, seededNumbers } from './random.js';

type Colour = readonly [red: number, green: number, blue: number];

/** An image: three bytes (red, green, blue) per pixel, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

interface Hill {
  readonly base: number;
  readonly waves: readonly { readonly height: number; readonly length: number; readonly phase: number }[];
  readonly colour: Colour;
}

const HILL_COUNT = 4;

/** Draws a landscape: sky, sun and hills. The same text always gives the same picture. */
export function drawLandscape(text: string, width = 480, height = 300): Picture {
  const next = seededNumbers(hashText(text));
  const hue = next() * 360;
  const top = fromHsl(hue, 0.55, 0.42);
  const horizon = fromHsl(hue + 50 + next() * 40, 0.75, 0.82);
  const sun = { x: width * (0.2 + next() * 0.6), y: height * (0.22 + next() * 0.25), radius: height * 0.11 };
  const sunColour = fromHsl(hue + 60, 0.9, 0.95);
  const hills = Array.from({ length: HILL_COUNT }, (_, index) => hill(index, hue, width, height, next));
  const pixels = new Uint8Array(width * height * 3);
  for (let x = 0; x < width; x += 1) {
    const ridges = hills.map((each) => ridgeAt(each, x));
    for (let y = 0; y < height; y += 1) {
      const distance = Math.hypot(x - sun.x, y - sun.y) - sun.radius;
      const glow = Math.max(0, 1 - Math.max(distance, 0) / (height * 0.5)) ** 2 * 0.45;
      let colour = mix(top, horizon, y / (height * 0.8));
      colour = mix(colour, sunColour, Math.max(glow, 0.5 - distance));
      hills.forEach((each, index) => {
        colour = mix(colour, each.colour, y - (ridges[index] ?? height) + 0.5);
      });
      pixels.set(colour, (y * width + x) * 3);
    }
  }
  return { width, height, pixels };
}

/** Draws the hills; the nearer a hill, the lower and darker it is. */
function hill(index: number, hue: number, width: number, height: number, next: () => number): Hill {
  const nearness = (index + 1) / HILL_COUNT;
  return {
    base: height * (0.48 + 0.4 * nearness),
    waves: [1.6, 0.7, 0.23].map((length) => ({
      height: height * 0.07 * length * (1.1 - nearness * 0.5),
      length: width * length * (0.4 + next() * 0.3),
      phase: next() * 2 * Math.PI,
    })),
    colour: fromHsl(hue + 20 * (1 - nearness), 0.38, 0.58 - 0.42 * nearness),
  };
}

function ridgeAt({ base, waves }: Hill, x: number): number {
  return waves.reduce(
    (y, { height, length, phase }) => y + height * Math.sin((x / length) * 2 * Math.PI + phase),
    base,
  );
}

/** Mixes two colours; the share is clamped to 0 … 1, which also smooths edges of one pixel. */
function mix(from: Colour, to: Colour, share: number): Colour {
  const part = Math.min(1, Math.max(0, share));
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}

/** Converts HSL to RGB, see https://www.w3.org/TR/css-color-4/#hsl-to-rgb. */
function fromHsl(hue: number, saturation: number, lightness: number): Colour {
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    const amount = saturation * Math.min(lightness, 1 - lightness);
    return 255 * (lightness - amount * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}
