import { z } from 'zod';
import { addressItem, asTags, type ImportItem, place } from './item.ts';

/** https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config */
const targetGroupSchema = z.object({
  targets: z.array(z.unknown()),
  labels: z.record(z.string(), z.coerce.string()).nullish(),
});

/** Of a scrape configuration, what says where its targets are and how they are asked. */
const scrapeConfigSchema = z.object({
  job_name: z.string().default(''),
  scheme: z.string().default('http'),
  metrics_path: z.string().default('/metrics'),
  static_configs: z.array(z.unknown()).nullish(),
  params: z.object({ module: z.array(z.string()).nullish() }).nullish(),
});

/** Reads the target groups of a file_sd file: their targets with their labels as tags, in the order of the file. */
export function readTargetGroups(groups: readonly unknown[], tags: readonly string[] = []): ImportItem[] {
  return groups.flatMap((value, index): ImportItem[] => {
    const parsed = targetGroupSchema.safeParse(value);
    if (!parsed.success)
      return [
        { ...place(index + 1, JSON.stringify(value) ?? ''), message: 'This is not a group of targets.' },
      ];
    const { targets, labels } = parsed.data;
    const words = Object.entries(labels ?? {}).filter(([name]) => !name.startsWith('__'));
    const all = asTags([...tags, ...words.map(([name, word]) => `${name}: ${word}`)]);
    return targets.map((target) =>
      typeof target === 'string'
        ? readTarget(index + 1, target, all)
        : {
            ...place(index + 1, JSON.stringify(target) ?? ''),
            message: 'A target is a text such as example.com:443.',
          },
    );
  });
}

/** Reads the targets that a Prometheus configuration asks by blackbox_exporter, or over TLS. */
export function readScrapeConfigs(configs: readonly unknown[]): ImportItem[] {
  return configs.flatMap((value, index): ImportItem[] => {
    const parsed = scrapeConfigSchema.safeParse(value);
    if (!parsed.success)
      return [
        { ...place(index + 1, JSON.stringify(value) ?? ''), message: 'This is not a scrape configuration.' },
      ];
    const { job_name: name, scheme, metrics_path: path, static_configs: groups, params } = parsed.data;
    const at = place(index + 1, name);
    if (path !== '/probe' && scheme !== 'https')
      return [
        {
          ...at,
          message: `The targets of ${name.slice(0, 60)} are asked over plain HTTP, which shows no certificate.`,
        },
      ];
    const module = path === '/probe' ? params?.module?.[0] : undefined;
    if (module !== undefined && /^(?:icmp|ping|dns|ssh)(?:[_-]|\d|$)/i.test(module))
      return [
        { ...at, message: `The module ${module.slice(0, 60)} of ${name.slice(0, 60)} shows no certificate.` },
      ];
    if (!groups)
      return [
        { ...at, message: `${name.slice(0, 60)} finds its targets elsewhere; import its file_sd files.` },
      ];
    return readTargetGroups(groups, [name]).map((item) => ({ ...item, line: index + 1 }));
  });
}

function readTarget(line: number, target: string, tags: readonly string[]): ImportItem {
  const at = place(line, target);
  if (/^http:/i.test(target)) return { ...at, message: 'Plain HTTP shows no certificate.' };
  return addressItem(at, target, { tags });
}
