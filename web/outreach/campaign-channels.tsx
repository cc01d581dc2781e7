import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Checkbox } from "#web/ui/choices.tsx";

export type ChannelBoxesProps = {
  label: string;
  value: readonly Channel[];
  disabled?: boolean;
  onChange: (channels: Channel[]) => void;
};

/** Which of the channels, as boxes beside each other. */
export function ChannelBoxes({ label, value, disabled, onChange }: ChannelBoxesProps) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-x-4 gap-y-2">
      {CHANNELS.toReversed().map((channel) => (
        <Checkbox
          key={channel}
          label={channelLook[channel].name}
          value={value.includes(channel)}
          disabled={disabled}
          // In their own order, however they were chosen.
          onChange={(on) => onChange(CHANNELS.filter((one) => (one === channel ? on : value.includes(one))))}
        />
      ))}
    </div>
  );
}
