import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import type { Delivery } from "#web/messaging/deliveries.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import type { MenuSection } from "#web/ui/dropdown-menu.tsx";
import { toast } from "#web/ui/toast.tsx";

/** The acts of the other side. What they answer arrives as a vendor's webhook would, so the page asks again afterwards. */
export function useSandboxActs() {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: api.messaging.key() });
  return {
    whyNot: useWhyNot("sandbox:use"),
    reply: useMutation({ ...api.messaging.sandbox.reply.mutationOptions(), onSuccess }),
    endCall: useMutation({ ...api.messaging.sandbox.endCall.mutationOptions(), onSuccess }),
    receipt: useMutation({
      ...api.messaging.sandbox.receipt.mutationOptions(),
      onSuccess: (_, { outcome }) => {
        toast.done(outcome === "delivered" ? "Reported as delivered" : "Reported as bounced");
        return onSuccess();
      },
      onError: (error) => toast.problem(error),
    }),
  };
}

/** Whether a receipt can be given: only for what went out as a message, not for a mail about an account. */
export function takesReceipt({ direction, messageId, channel }: Delivery): boolean {
  return direction === "outbound" && messageId !== null && channel !== "CALL";
}

/** The menu that plays the carrier or the receiving mail server. */
export function useReceiptMenu(): (delivery: Delivery) => MenuSection[] {
  const { receipt, whyNot } = useSandboxActs();
  return ({ id: deliveryId }) => [
    {
      heading: "Answer as the carrier",
      items: [
        {
          label: "Report delivered",
          disabledReason: whyNot,
          onSelect: () => receipt.mutate({ deliveryId, outcome: "delivered" }),
        },
        {
          label: "Report bounced",
          disabledReason: whyNot,
          onSelect: () => receipt.mutate({ deliveryId, outcome: "bounced" }),
        },
      ],
    },
  ];
}
