import { Mail, MessageSquare, Phone, type LucideIcon } from "lucide-react";

/** Each channel's icon and name: told apart by shape, never by colour. */
export const channelLook = {
  CALL: { icon: Phone, name: "Call" },
  SMS: { icon: MessageSquare, name: "SMS" },
  EMAIL: { icon: Mail, name: "E-mail" },
} satisfies Record<string, { icon: LucideIcon; name: string }>;

/** The channels that have an icon; the domains' own set must fit into it, or the page does not compile. */
export type Channel = keyof typeof channelLook;

export type ChannelIconProps = {
  channel: Channel;
  /** Write the name beside the icon; otherwise only screen readers hear it. */
  named?: boolean;
};

/** Which channel something went over. */
export function ChannelIcon({ channel, named }: ChannelIconProps) {
  const { icon: Icon, name } = channelLook[channel];
  return (
    <span className="inline-flex items-center gap-2 align-top">
      <Icon className="icon text-ink-muted" aria-hidden />
      <span className={named ? "" : "sr-only"}>{name}</span>
    </span>
  );
}
