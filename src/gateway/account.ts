/** The facility's account at the gateway. `passwordMd5` is the gateway's wire format: upper-case hex. */
export interface GatewayAccount {
  readonly username: string;
  readonly passwordMd5: string;
}
