/** What stands at a path itself: a symbolic link, a file with its octets, or nothing. */
export type EtcEntry =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'file'; readonly text: string }
