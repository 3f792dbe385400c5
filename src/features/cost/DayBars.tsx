// Bars by day. What is measured is money where anything has a price, else tokens; every figure
// is also in the bar's title and in the table that a screen reader gets.
import { useId } from 'react';
import type { Cost } from '@/protocol/generated/protocol';
import { allTokens, readableCost, readableMoney, readableTokens } from './readable';

interface Day {
  day: string;
  cost: Cost;
}

const HEIGHT = 96;
/** Of one day, in the drawing's own units. */
const WIDTH = 10;
const GAP = 2;

export function DayBars({ days }: { days: Day[] }) {
  const title = useId();
  const inMoney = days.some(({ cost }) => cost.nanodollars !== null);
  const measure = ({ cost }: Day) => (inMoney ? (cost.nanodollars ?? 0) : allTokens(cost.tokens));
  const most = Math.max(...days.map(measure), 1);
  const readable = inMoney ? readableMoney : readableTokens;
  const width = days.length * WIDTH;
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return (
    <figure className="flex flex-col gap-1">
      <svg
        role="img"
        aria-labelledby={title}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-24 w-full border-b border-line"
      >
        <title id={title}>
          {`By day from ${first} to ${last}, at most ${readable(most)} on one`}
        </title>
        {days.map((each, index) => {
          const share = measure(each) / most;
          const height = share === 0 ? 0 : Math.max(2, share * (HEIGHT - 4));
          return (
            <g key={each.day}>
              <title>{`${each.day}: ${readableCost(each.cost)}`}</title>
              <rect x={index * WIDTH} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
              <rect
                data-testid="bar"
                x={index * WIDTH + GAP / 2}
                y={HEIGHT - height}
                width={WIDTH - GAP}
                height={height}
                className="fill-accent"
              />
            </g>
          );
        })}
      </svg>
      <figcaption className="flex justify-between text-tiny text-dim tabular-nums">
        <span>{first}</span>
        <span>at most {readable(most)} a day</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}
