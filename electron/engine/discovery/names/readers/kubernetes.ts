import { manifestKinds } from '../kubernetes/kinds.ts';
import { manifestsOf } from '../kubernetes/manifest.ts';
import type { NameReader } from '../name-source.ts';
import { readTrees } from '../structured/tree.ts';
import { textAt } from '../structured/walk.ts';

/** Reads manifests of Kubernetes, OpenShift, Istio, Traefik, Contour and cert-manager: YAML streams, JSON, and lists as `kubectl get -o yaml` prints them. */
export const kubernetes: NameReader = {
  title: 'Kubernetes manifests',
  gives:
    'The hosts with TLS of Ingress, Gateway, HTTPRoute, TLSRoute, Route, IngressRoute, HTTPProxy and Istio’s Gateway, and the names of Certificate and TLS Secret.',
  fits: (text) => /\bapiVersion["']?\s?:/.test(text) && /\bkind["']?\s?:/.test(text),
  read(from, into) {
    const { documents, fault } = readTrees(from.text);
    const all = documents.flatMap(manifestsOf);
    for (const tree of all) {
      const kind = textAt(tree, 'kind')?.value ?? '';
      if (Object.hasOwn(manifestKinds, kind)) manifestKinds[kind]?.({ tree, from, into, all });
    }
    if (fault) into.note(fault.sentence, from, fault.line);
  },
};
