import protobuf from 'protobufjs/light.js';

const field = (type: string, id: number): protobuf.IField => ({ type, id });
const repeated = (type: string, id: number): protobuf.IField => ({ rule: 'repeated', type, id });

// The fields used here of tensorflow/core/util/event.proto and tensorflow/core/framework/{summary,tensor,tensor_shape}.proto.
const root = protobuf.Root.fromJSON({
  nested: {
    Event: {
      oneofs: { what: { oneof: ['fileVersion', 'summary', 'sessionLog'] } },
      fields: {
        wallTime: field('double', 1),
        step: field('int64', 2),
        fileVersion: field('string', 3),
        summary: field('Summary', 5),
        sessionLog: field('SessionLog', 7),
      },
    },
    SessionLog: { fields: { status: field('int32', 1) } },
    Summary: { fields: { value: repeated('Value', 1) } },
    Value: {
      oneofs: { value: { oneof: ['simpleValue', 'image', 'audio', 'tensor'] } },
      fields: {
        tag: field('string', 1),
        simpleValue: field('float', 2),
        image: field('Image', 4),
        audio: field('Audio', 6),
        tensor: field('Tensor', 8),
        metadata: field('Metadata', 9),
      },
    },
    Image: {
      fields: { height: field('int32', 1), width: field('int32', 2), colorspace: field('int32', 3), encoded: field('bytes', 4) },
    },
    Audio: {
      fields: {
        sampleRate: field('float', 1),
        channels: field('int64', 2),
        frames: field('int64', 3),
        encoded: field('bytes', 4),
        contentType: field('string', 5),
      },
    },
    Tensor: { fields: { dtype: field('int32', 1), shape: field('Shape', 2), stringValues: repeated('bytes', 8) } },
    Shape: { fields: { dimensions: repeated('Dimension', 2) } },
    Dimension: { fields: { size: field('int64', 1) } },
    Metadata: { fields: { plugin: field('Plugin', 1) } },
    Plugin: { fields: { name: field('string', 1) } },
  },
});
const eventType = root.lookupType('Event');

/** A summary value; see summary.proto. */
export interface SummaryValue {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly image?: { readonly height: number; readonly width: number; readonly colorspace: number; readonly encoded: Uint8Array };
  readonly audio?: {
    readonly sampleRate: number;
    readonly channels: number;
    readonly frames: number;
    readonly encoded: Uint8Array;
    readonly contentType: string;
  };
  readonly tensor?: { readonly dtype: number; readonly shape: object; readonly stringValues: readonly Uint8Array[] };
  readonly metadata?: { readonly plugin: { readonly name: string } };
}

/** One event; see event.proto. */
export interface TensorboardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly sessionLog?: { readonly status: number };
  readonly summary?: { readonly value: readonly SummaryValue[] };
}

/** The event as protocol buffer. */
export function encodeEvent(event: TensorboardEvent): Uint8Array {
  return eventType.encode(eventType.fromObject(event)).finish();
}
