/** Labels of one value. */
export type Labels = Readonly<Record<string, string | number>>;

/** One exported value, in the form that prom-client's registry prints. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** Differs from the name of the metric for the parts of a histogram. */
  readonly metricName?: string;
}

/**
 * Values of one metric; those with the same labels are added up. Buckets, sum and count of a histogram are cumulative
 * numbers too, so this holds for them as well.
 */
export class Samples {
  private readonly byKey = new Map<string, { labels: Labels; value: number; suffix: string }>();

  /** @param suffix what follows the name of the metric: `_bucket`, `_sum`, `_count` */
  add(labels: Labels, value: number, suffix = ''): void {
    const key = `${suffix}${JSON.stringify(Object.values(labels))}`;
    const present = this.byKey.get(key);
    if (present === undefined) this.byKey.set(key, { labels, value, suffix });
    else present.value += value;
  }

  addAll(others: Samples): void {
    for (const { labels, value, suffix } of others.byKey.values()) this.add(labels, value, suffix);
  }

  /** The values as the registry takes them, each with the labels that all of them have. */
  export(metricName: string, common: Labels): Sample[] {
    return Array.from(this.byKey.values(), ({ labels, value, suffix }) => {
      const sample = { labels: { ...common, ...labels }, value };
      return suffix === '' ? sample : { ...sample, metricName: metricName + suffix };
    });
  }
}
