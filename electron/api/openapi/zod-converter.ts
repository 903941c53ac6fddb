import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { globalRegistry } from 'zod';

/** Makes the converter of schemas. By itself it takes a description from what a schema says of itself, and not that it is deprecated. */
export function zodConverter(): ZodToJsonSchemaConverter {
  return new ZodToJsonSchemaConverter({
    interceptors: [
      ({ schema, next }) => {
        const [isRequired, json] = next();
        const isDeprecated = globalRegistry.get(schema)?.deprecated === true;
        return [isRequired, isDeprecated ? { ...json, deprecated: true } : json];
      },
    ],
  });
}
