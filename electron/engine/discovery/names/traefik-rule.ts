/** Functions of a rule whose parameters are names; `HostRegexp` has none. */
const functions = /(!\s?)?\bHost(?:SNI|Header)?\(([^()]*)\)/g;

/** Returns the names of a rule of Traefik, which may be negated: `Host(`a`, `b`) && PathPrefix(`/x`)`, and `Host:a,b` of version 1. */
export function ruleNames(rule: string): string[] {
  const names = [...rule.matchAll(functions)].flatMap(([, negation, parameters = '']) =>
    negation === undefined ? parameters.split(',').map((one) => one.replace(/[`'"\s]/g, '')) : [],
  );
  const old = rule
    .split(';')
    .flatMap((part) => (part.trim().startsWith('Host:') ? part.trim().slice(5).split(',') : []));
  return [...names, ...old.map((one) => one.trim())].filter((name) => name !== '' && name !== '*');
}
