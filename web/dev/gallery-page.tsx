import { getRouteApi } from "@tanstack/react-router";
import { ControlSection } from "#web/dev/sections/controls.tsx";
import { DataSection } from "#web/dev/sections/data.tsx";
import { FeedbackSection } from "#web/dev/sections/feedback.tsx";
import { OverlaySection } from "#web/dev/sections/overlays.tsx";
import { Page } from "#web/shell/page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

const route = getRouteApi("/dev/dev/ui");

/** Every primitive in every state, for people who build pages and for the tests that look at them. */
export function GalleryPage() {
  const { tab = "controls" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page
      title="Components"
      context="Everything a page is made of, in all its states."
      action={<LinkButton to="/dev/ui/list">Example list</LinkButton>}
    >
      <Tabs
        label="Components"
        value={tab}
        onChange={(next) => void navigate({ search: { tab: next } })}
        tabs={[
          { value: "controls", label: "Controls", content: <ControlSection /> },
          { value: "data", label: "Data", content: <DataSection /> },
          { value: "feedback", label: "Feedback", content: <FeedbackSection /> },
          { value: "overlays", label: "Overlays", content: <OverlaySection /> },
        ]}
      />
    </Page>
  );
}
