/** What a path itself holds: a symbolic link (not followed), a file with its octets, or nothing. */
export type EtcEntry =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'file'; readonly text: string }
